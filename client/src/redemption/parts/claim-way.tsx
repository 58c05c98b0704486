import { stamp } from '@yiqi/shared/kernel/time.ts'
import type { Claim } from '@yiqi/shared/redemption/endpoints.ts'
import { claimStateLabels } from '@yiqi/shared/redemption/terms.ts'
import { type Programme, voucherEndpoints } from '@yiqi/shared/voucher/endpoints.ts'
import { Timeline } from '../../kernel/parts/timeline.tsx'
import { useQuery } from '../../kernel/use-query.ts'
import { claimSteps } from './claim-rules.ts'

/** The programme a claim belongs to; null until it is known. */
export function useProgramme(programmeId: string): Programme | null {
  const query = useQuery(voucherEndpoints.listProgrammes, {})
  return query.data?.rows.find((programme) => programme.id === programmeId) ?? null
}

const endedAs = ['returned', 'rejected', 'withdrawn', 'frozen', 'clawed_back']

/** The whole way of a claim, done and still to come; steps the programme has not are left out. */
export function ClaimWay({ claim, programme }: { claim: Claim; programme: Programme }) {
  const items = claimSteps(claim, programme).map((step) => ({
    id: step.state,
    title: step.label,
    state: step.progress,
    detail:
      step.at === null ? `由${step.actor}办理` : `${stamp(new Date(step.at))} · ${step.actor}`,
  }))
  const last = claim.history[claim.history.length - 1]
  const ended = endedAs.includes(claim.state)
    ? [
        {
          id: claim.state,
          title: claimStateLabels[claim.state],
          state: 'now' as const,
          tone: claim.state === 'withdrawn' ? ('warn' as const) : ('bad' as const),
          detail: last === undefined ? '' : `${stamp(new Date(last.at))} · ${last.actor ?? '平台'}`,
        },
      ]
    : []
  const back = claim.state === 'returned'
  return (
    <Timeline
      items={
        back
          ? [...ended, ...items.map((item) => ({ ...item, state: 'next' as const }))]
          : [...items, ...ended]
      }
    />
  )
}
