import { View } from '@tarojs/components'
import { yuan } from '@yiqi/shared/kernel/money.ts'
import { redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { type Programme, voucherEndpoints } from '@yiqi/shared/voucher/endpoints.ts'
import { programmeModeLabels, programmeTitle } from '@yiqi/shared/voucher/terms.ts'
import { useRole } from '../../kernel/log-in.ts'
import { Card } from '../../kernel/parts/card.tsx'
import { Grid } from '../../kernel/parts/list-detail.tsx'
import { Frame } from '../../kernel/parts/page.tsx'
import { State } from '../../kernel/parts/state.tsx'
import { Tag } from '../../kernel/parts/tag.tsx'
import { useQuery } from '../../kernel/use-query.ts'
import { BatchCards } from '../../redemption/parts/batch-cards.tsx'
import { DeskSummary } from '../../redemption/parts/desk-summary.tsx'
import { LedgerProofCard } from '../../redemption/parts/ledger-proof.tsx'
import { permilleLabel } from '../../voucher/parts/quota-rules.ts'

const POLL_MS = 30_000

/** 看板: what is under review, the programmes' budgets, the proof that the ledger sums to zero. */
export function BoardPanel() {
  const { role } = useRole()
  const desk = useQuery(redemptionEndpoints.getDesk, {}, { pollMs: POLL_MS })
  const programmes = useQuery(voucherEndpoints.listProgrammes, {})
  return (
    <Frame title="看板" width="wide" onRefresh={desk.refresh}>
      <DeskSummary query={desk} />
      <Grid columns={2}>
        <LedgerProofCard />
        <State query={programmes}>
          {(list) => (
            <View className="stack">
              {list.rows.map((programme) => (
                <ProgrammeCard key={programme.id} programme={programme} />
              ))}
            </View>
          )}
        </State>
      </Grid>
      {role === 'voucher-administrator-province' ? <BatchCards /> : null}
    </Frame>
  )
}

function ProgrammeCard({ programme }: { programme: Programme }) {
  return (
    <Card
      title={programmeTitle(programme.name).title}
      extra={<Tag tone="voucher">{programmeModeLabels[programme.mode]}</Tag>}
    >
      <View className="t13 ink3">预算余额（未发放）</View>
      <View className="t20 voucher num">{yuan(programme.budgetFen)}</View>
      <View className="t13 ink2 num">
        {`比例 ${permilleLabel(programme.ratioPermille)} · ${programme.validFrom} 至 ${programme.validTo}`}
      </View>
    </Card>
  )
}
