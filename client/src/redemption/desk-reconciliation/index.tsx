import { View } from '@tarojs/components'
import { redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { type Programme, voucherEndpoints } from '@yiqi/shared/voucher/endpoints.ts'
import { programmeTitle } from '@yiqi/shared/voucher/terms.ts'
import { useState } from 'react'
import { useRole } from '../../kernel/log-in.ts'
import { Banner } from '../../kernel/parts/banner.tsx'
import { Button } from '../../kernel/parts/button.tsx'
import { Chip, ChipRow } from '../../kernel/parts/chip.tsx'
import { Page } from '../../kernel/parts/page.tsx'
import { Segmented } from '../../kernel/parts/segmented.tsx'
import { Refusal } from '../../kernel/parts/state.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { useLayout } from '../../kernel/use-layout.ts'
import { useParams } from '../../kernel/use-params.ts'
import { useQuery } from '../../kernel/use-query.ts'
import { useWrite } from '../../kernel/use-write.ts'
import { BatchCards } from '../parts/batch-cards.tsx'
import { DeskBatches } from '../parts/desk-batches.tsx'
import { DeskReview } from '../parts/desk-review.tsx'
import { DeskSummary } from '../parts/desk-summary.tsx'
import { LedgerProofLine } from '../parts/ledger-proof.tsx'
import './index.scss'

const POLL_MS = 20_000
const views = [
  { value: 'review', label: '审核' },
  { value: 'batches', label: '批次' },
] as const
type DeskView = (typeof views)[number]['value']

/** 对账兑付: the reconciliation desk, by keyboard; a read-only summary where there is no room. */
export default function DeskReconciliationPage() {
  const { wide } = useLayout()
  return wide ? <WideDesk /> : <NarrowDesk />
}

function WideDesk() {
  const params = useParams<'claim'>()
  const { role } = useRole()
  const [view, setView] = useState<DeskView>('review')
  const [programmeId, setProgrammeId] = useState<string | null>(null)
  const [round, setRound] = useState(0)
  const asked = programmeId === null ? {} : { programmeId }
  const desk = useQuery(redemptionEndpoints.getDesk, asked, { pollMs: POLL_MS, keepOld: true })
  const programmes = useQuery(voucherEndpoints.listProgrammes, {})
  const clean = useWrite(redemptionEndpoints.reviewCleanClaims)
  const refresh = () => void desk.refresh()
  const passClean = async () => {
    const done = await clean.run(asked)
    if (done === null) return
    toast(`已通过 ${done.passed} 单`)
    setRound(round + 1)
    refresh()
  }
  const count = desk.data?.cleanClaims ?? 0
  const rows = programmes.data?.rows ?? []
  return (
    <Page
      title="对账兑付"
      width="wide"
      first
      actions={
        <>
          <View className="t13 ink3">J/K 上下 · A 通过 · R 退回 · E 证据</View>
          <Button
            id="desk-pass-clean"
            kind={view === 'review' ? 'primary' : 'secondary'}
            busy={clean.busy}
            disabled={count === 0}
            onTap={() => void passClean()}
          >
            {`通过全部绿色（${count}）`}
          </Button>
        </>
      }
    >
      <Refusal refusal={clean.refusal} safe="没有申报被改变" />
      <DeskSummary query={desk} />
      <View className="r-desk-head">
        {role !== 'voucher-administrator-city' ? (
          <View className="r-desk-views">
            <Segmented label="视图" options={views} value={view} onChange={setView} />
          </View>
        ) : null}
        <Programmes rows={rows} chosen={programmeId} onChoose={setProgrammeId} />
      </View>
      {view === 'review' ? (
        <DeskReview
          key={round}
          programmeId={programmeId}
          first={params.claim ?? null}
          onChanged={refresh}
        />
      ) : (
        <DeskBatches programmeId={programmeId} programmes={rows} onChanged={refresh} />
      )}
      <LedgerProofLine />
    </Page>
  )
}

type ProgrammesProps = {
  rows: readonly Programme[]
  chosen: string | null
  onChoose: (id: string | null) => void
}

function Programmes({ rows, chosen, onChoose }: ProgrammesProps) {
  if (rows.length < 2) return null
  return (
    <ChipRow wrap>
      <Chip selected={chosen === null} onTap={() => onChoose(null)}>
        全部计划
      </Chip>
      {rows.map((programme) => (
        <Chip
          key={programme.id}
          selected={chosen === programme.id}
          onTap={() => onChoose(programme.id)}
        >
          {programmeTitle(programme.name).title}
        </Chip>
      ))}
    </ChipRow>
  )
}

function NarrowDesk() {
  const { role } = useRole()
  const desk = useQuery(redemptionEndpoints.getDesk, {}, { pollMs: POLL_MS })
  return (
    <Page title="对账兑付">
      <Banner tone="info">审核、拨付和对账请在宽屏（1024 像素以上）操作，这里只读。</Banner>
      <DeskSummary query={desk} />
      {role !== 'voucher-administrator-city' ? <BatchCards /> : null}
      <LedgerProofLine />
    </Page>
  )
}
