import { View } from '@tarojs/components'
import { bookingEndpoints } from '@yiqi/shared/booking/endpoints.ts'
import { yuanShort } from '@yiqi/shared/kernel/money.ts'
import type { Quota, Transfer } from '@yiqi/shared/voucher/endpoints.ts'
import { voucherEndpoints } from '@yiqi/shared/voucher/endpoints.ts'
import { programmeModeLabels, programmeTitle } from '@yiqi/shared/voucher/terms.ts'
import { go } from '../../kernel/go.ts'
import { Card, Section } from '../../kernel/parts/card.tsx'
import { Cell } from '../../kernel/parts/cell.tsx'
import { QuotaBar } from '../../kernel/parts/quota-bar.tsx'
import { Empty, State } from '../../kernel/parts/state.tsx'
import { Tag } from '../../kernel/parts/tag.tsx'
import { Waterfall } from '../../kernel/parts/waterfall.tsx'
import { useQuery } from '../../kernel/use-query.ts'
import { Deadlines } from './deadlines.tsx'
import { flowWords, moneyFlow, programmeTerms } from './quota-rules.ts'
import { TransferList } from './transfer-list.tsx'
import './voucher.scss'

const RECENT = 4
const PAGE_MAX = 100

/**
 * One quota: the amount, what to do by when, the flow of the money, the last movements, the terms.
 */
export function QuotaView({ quota }: { quota: Quota }) {
  const { programme } = quota
  const transfers = useQuery(voucherEndpoints.listTransfers, { id: quota.id, limit: PAGE_MAX })
  return (
    <>
      <QuotaBar
        hero
        title={`${programme.year} 年度剩余额度`}
        totalFen={quota.issuedFen}
        redeemedFen={quota.redeemedFen}
        earmarkedFen={quota.earmarkedFen}
        totalWords="发放合计"
      />
      <Section title="待办时限">
        <Deadlines programme={programme} />
      </Section>
      <Flow quota={quota} transfers={transfers.data?.rows ?? null} />
      <Section title="最近变动">
        <Card>
          <State
            query={transfers}
            isEmpty={(page) => page.rows.length === 0}
            empty={<Empty icon="history">额度还没有变动。预约时预占，完成后核销。</Empty>}
          >
            {(page) => <TransferList rows={page.rows.slice(0, RECENT)} />}
          </State>
          <Cell title="全部明细" onTap={() => void go.voucher.ledger({ id: quota.id })} />
          <Cell title="兑付申报" onTap={() => void go.redemption.openClaim()} />
        </Card>
      </Section>
      <Terms quota={quota} />
    </>
  )
}

function Flow({ quota, transfers }: { quota: Quota; transfers: Transfer[] | null }) {
  const bookings = useQuery(bookingEndpoints.listBookings, { view: 'all', limit: PAGE_MAX })
  if (transfers === null || bookings.data === null) return null
  const flow = moneyFlow(bookings.data.rows, transfers)
  if (flow.bookings === 0) return null
  const words = flowWords[quota.programme.mode]
  return (
    <Section title="资金流向">
      <Card>
        <Waterfall
          title={`${flow.bookings} 次服务共 ${yuanShort(flow.totalFen)}，券承担 ${yuanShort(flow.voucherFen)}`}
          heightPx={96}
          steps={[
            { label: words.total, amountFen: flow.totalFen, tone: 'info', kind: 'total' },
            { label: words.own, amountFen: flow.ownFen, tone: 'own', kind: 'part' },
            { label: words.voucher, amountFen: flow.voucherFen, tone: 'voucher', kind: 'total' },
          ]}
        />
      </Card>
    </Section>
  )
}

function Terms({ quota }: { quota: Quota }) {
  const { programme } = quota
  const { title, sample } = programmeTitle(programme.name)
  return (
    <Section
      title="使用规则"
      extra={<Tag tone="voucher">{programmeModeLabels[programme.mode]}</Tag>}
    >
      <Card title={title} extra={sample ? <Tag tone="warn">示例参数</Tag> : undefined}>
        <View className="v-terms">
          {programmeTerms(programme).map((term) => (
            <View className="v-term t14" key={term.name}>
              <View className="v-term-name ink3">{term.name}</View>
              <View className="grow num">{term.words}</View>
            </View>
          ))}
        </View>
      </Card>
    </Section>
  )
}
