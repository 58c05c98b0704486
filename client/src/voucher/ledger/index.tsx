import { voucherEndpoints } from '@yiqi/shared/voucher/endpoints.ts'
import { go } from '../../kernel/go.ts'
import { Card } from '../../kernel/parts/card.tsx'
import { More } from '../../kernel/parts/more.tsx'
import { Page } from '../../kernel/parts/page.tsx'
import { Empty, State } from '../../kernel/parts/state.tsx'
import { usePages } from '../../kernel/use-pages.ts'
import { useParams } from '../../kernel/use-params.ts'
import { TransferList } from '../parts/transfer-list.tsx'

/**
 * 额度明细: every movement of a quota, newest first, with its change and what was available after.
 */
export default function LedgerPage() {
  const params = useParams<'id'>()
  const asked = params.id === undefined ? null : { id: params.id, limit: 30 }
  const pages = usePages(voucherEndpoints.listTransfers, asked)
  return (
    <Page title="额度明细" onRefresh={pages.query.refresh} onBottom={pages.loadMore}>
      <State query={pages.query} isEmpty={(page) => page.rows.length === 0} empty={<NoEntry />}>
        {(page) => (
          <Card>
            <TransferList rows={page.rows} />
          </Card>
        )}
      </State>
      <More pages={pages} />
    </Page>
  )
}

function NoEntry() {
  return (
    <Empty
      icon="history"
      action={{ words: '去找仪器', onTap: () => void go.catalogue.findInstrument() }}
    >
      额度还没有变动。第一次预约时会在这里记下预占。
    </Empty>
  )
}
