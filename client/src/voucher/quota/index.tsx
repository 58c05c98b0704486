import type { Quota } from '@yiqi/shared/voucher/endpoints.ts'
import { voucherEndpoints } from '@yiqi/shared/voucher/endpoints.ts'
import { programmeTitle } from '@yiqi/shared/voucher/terms.ts'
import { useState } from 'react'
import { Page } from '../../kernel/parts/page.tsx'
import { Segmented } from '../../kernel/parts/segmented.tsx'
import { Empty, State } from '../../kernel/parts/state.tsx'
import { useParams } from '../../kernel/use-params.ts'
import { useQuery } from '../../kernel/use-query.ts'
import { QuotaView } from '../parts/quota-view.tsx'

/** 创新券: what is left of the enterprise's quotas, where the rest went, and what to do by when. */
export default function QuotaPage() {
  const params = useParams<'id'>()
  const query = useQuery(voucherEndpoints.listQuotas, {})
  const [chosen, setChosen] = useState(params.id ?? null)
  return (
    <Page title="创新券" onRefresh={query.refresh}>
      <State
        query={query}
        isEmpty={(page) => page.rows.length === 0}
        empty={
          <Empty icon="ticket-percent">
            本企业还没有创新券额度。额度由省创新券管理员发放，发放后在这里可见。
          </Empty>
        }
      >
        {(page) => <Quotas rows={page.rows} chosen={chosen} onChoose={setChosen} />}
      </State>
    </Page>
  )
}

type QuotasProps = { rows: Quota[]; chosen: string | null; onChoose: (id: string) => void }

function Quotas({ rows, chosen, onChoose }: QuotasProps) {
  const quota = rows.find((row) => row.id === chosen) ?? rows[0]
  if (quota === undefined) return null
  return (
    <>
      {rows.length < 2 ? null : (
        <Segmented
          label="创新券计划"
          options={rows.map((row) => ({
            value: row.id,
            label: programmeTitle(row.programme.name).title,
          }))}
          value={quota.id}
          onChange={onChoose}
        />
      )}
      <QuotaView key={quota.id} quota={quota} />
    </>
  )
}
