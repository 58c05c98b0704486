import { View } from '@tarojs/components'
import { type BatchCard, redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { batchStateLabels } from '@yiqi/shared/redemption/terms.ts'
import { programmeTitle } from '@yiqi/shared/voucher/terms.ts'
import { Card, Section } from '../../kernel/parts/card.tsx'
import { Grid } from '../../kernel/parts/list-detail.tsx'
import { Empty, State } from '../../kernel/parts/state.tsx'
import { Tag } from '../../kernel/parts/tag.tsx'
import { useQuery } from '../../kernel/use-query.ts'
import { BatchEquation } from './equation.tsx'

/** The last batches with their equation, to read on a phone. */
export function BatchCards() {
  const query = useQuery(redemptionEndpoints.listBatches, { limit: 10 })
  return (
    <Section title="兑付批次">
      <State
        query={query}
        isEmpty={(page) => page.rows.length === 0}
        empty={<Empty icon="hand-coins">还没有兑付批次。</Empty>}
      >
        {(page) => (
          <Grid columns={2}>
            {page.rows.map((batch) => (
              <BatchSummary key={batch.id} batch={batch} />
            ))}
          </Grid>
        )}
      </State>
    </Section>
  )
}

function BatchSummary({ batch }: { batch: BatchCard }) {
  return (
    <Card
      title={batch.number}
      extra={
        <Tag tone={batch.state === 'reconciled' ? 'ok' : 'info'}>
          {batchStateLabels[batch.state]}
        </Tag>
      }
    >
      <View
        className="t13 ink3"
        style={{ marginBottom: '8px' }}
      >{`${programmeTitle(batch.programmeName).title} · ${batch.claims} 单`}</View>
      <BatchEquation batch={batch} />
    </Card>
  )
}
