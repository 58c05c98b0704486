import { institutionRoles } from '@yiqi/shared/identity/terms.ts'
import { redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { useState } from 'react'
import { useRole } from '../../kernel/log-in.ts'
import { Section } from '../../kernel/parts/card.tsx'
import { Page } from '../../kernel/parts/page.tsx'
import { Segmented } from '../../kernel/parts/segmented.tsx'
import { useQuery } from '../../kernel/use-query.ts'
import { Claimables, Claims, type ClaimView } from '../parts/claim-lists.tsx'

const views = [
  { value: 'open', label: '办理中' },
  { value: 'reconciled', label: '已兑付' },
  { value: 'all', label: '全部' },
] as const

/**
 * 申报: what can be claimed now, and the claims under way. For the enterprise (先付后兑) and the
 * institution (直接抵扣).
 */
export default function OpenClaimPage() {
  const { role } = useRole()
  const institution = institutionRoles.some((one) => one === role)
  const claimable = useQuery(redemptionEndpoints.listClaimable, {})
  const [view, setView] = useState<(typeof views)[number]['value']>('open')
  const asked: ClaimView = view === 'all' ? undefined : view
  return (
    <Page title="兑付申报" onRefresh={claimable.refresh}>
      <Section title="可以申报">
        <Claimables
          query={claimable}
          empty={
            institution
              ? '没有待申报的服务。企业确认机时、券额核销后会出现在这里。'
              : '没有待申报的服务。先付后兑的服务在双方确认机时后出现在这里；直接抵扣的由机构申报。'
          }
        />
      </Section>
      {institution ? (
        <Section title="待绑定">
          <Claims view="to-review" side="institution" empty="没有等待本单位绑定确认的申报。" />
        </Section>
      ) : null}
      <Section title="申报记录">
        <Segmented label="申报记录" options={views} value={view} onChange={setView} />
        <Claims
          key={view}
          view={asked}
          side={institution ? 'institution' : 'enterprise'}
          empty="这里还没有申报。"
        />
      </Section>
    </Page>
  )
}
