import { View } from '@tarojs/components'
import { dayLabel } from '@yiqi/shared/kernel/time.ts'
import { type Claim, redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { programmeModeLabels } from '@yiqi/shared/voucher/terms.ts'
import { useState } from 'react'
import { go } from '../../kernel/go.ts'
import { Banner } from '../../kernel/parts/banner.tsx'
import { Button } from '../../kernel/parts/button.tsx'
import { State } from '../../kernel/parts/state.tsx'
import { Tag } from '../../kernel/parts/tag.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { useKeys } from '../../kernel/platform/keyboard.ts'
import { useQuery } from '../../kernel/use-query.ts'
import { useWrite } from '../../kernel/use-write.ts'
import { ReviewActions, whyNotOn } from './claim-actions.tsx'
import { ClaimSums, EvidenceList, Findings } from './claim-facts.tsx'
import { Light } from './light.tsx'
import { ReturnSheet } from './return-sheet.tsx'
import './redemption.scss'

/**
 * The right side of the desk: one claim with evidence and findings, to pass (A) or to return (R).
 */
export function ClaimPane({ id, onDone }: { id: string; onDone: () => void }) {
  const query = useQuery(redemptionEndpoints.getClaim, { id })
  return (
    <View className="r-desk-panel">
      <State query={query}>{(claim) => <Pane claim={claim} onDone={onDone} />}</State>
    </View>
  )
}

function Pane({ claim, onDone }: { claim: Claim; onDone: () => void }) {
  const [returning, setReturning] = useState(false)
  const [full, setFull] = useState(false)
  const review = useWrite(redemptionEndpoints.reviewClaim)
  const reviewable = claim.actions.includes('review')
  const pass = async () => {
    if (whyNotOn(claim) !== null) return
    if ((await review.run({ id: claim.id, decision: 'pass' })) === null) return
    toast(`已通过 ${claim.number}`)
    onDone()
  }
  const open = () => void go.redemption.claim({ id: claim.id })
  const keys = { a: () => void pass(), r: () => setReturning(true) }
  useKeys({ e: () => setFull(!full) }, !returning)
  useKeys(keys, reviewable && !returning)
  return (
    <View className="stack">
      <View className="row">
        <View className="t17 num grow">{claim.number}</View>
        <Tag tone="voucher">{programmeModeLabels[claim.mode]}</Tag>
        <Light light={claim.light} />
      </View>
      <View>
        <View className="t14 cut">{`${claim.enterprise.name} → ${claim.institution.name}`}</View>
        <View className="t13 ink3 num cut">{`${claim.instrumentName} · ${dayLabel(claim.servedOn)}`}</View>
      </View>
      <ClaimSums claim={claim} />
      {review.refusal === null ? null : (
        <Banner tone="bad">{`${review.refusal.message}（申报未改变）`}</Banner>
      )}
      <Findings claim={claim} />
      <EvidenceList claim={claim} brief={!full} />
      {reviewable ? (
        <ReviewActions claim={claim} onDone={onDone} onReturn={() => setReturning(true)} />
      ) : null}
      <View className="row">
        <Button kind="quiet" onTap={() => setFull(!full)}>
          {full ? '收起证据' : '展开证据'}
        </Button>
        <View className="grow" />
        <Button kind="quiet" onTap={open}>
          办理进度
        </Button>
      </View>
      <ReturnSheet
        claim={returning ? claim : null}
        onClose={() => setReturning(false)}
        onDone={onDone}
      />
    </View>
  )
}
