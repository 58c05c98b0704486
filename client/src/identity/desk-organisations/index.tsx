import { View } from '@tarojs/components'
import { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { VerificationRow } from '@yiqi/shared/identity/endpoints-organisations.ts'
import { verificationLabels } from '@yiqi/shared/identity/terms.ts'
import { stamp } from '@yiqi/shared/kernel/time.ts'
import { useState } from 'react'
import { Banner } from '../../kernel/parts/banner.tsx'
import { type Column, DataTable } from '../../kernel/parts/data-table.tsx'
import { ListDetail } from '../../kernel/parts/list-detail.tsx'
import { More } from '../../kernel/parts/more.tsx'
import { Page } from '../../kernel/parts/page.tsx'
import { Segmented } from '../../kernel/parts/segmented.tsx'
import { Empty, State } from '../../kernel/parts/state.tsx'
import { Tag } from '../../kernel/parts/tag.tsx'
import { useLayout } from '../../kernel/use-layout.ts'
import { usePages } from '../../kernel/use-pages.ts'
import { CredentialDesk } from '../parts/credential-desk.tsx'
import { DecisionPane } from '../parts/decision-pane.tsx'
import { verificationTones } from '../parts/organisation-rules.ts'

const POLL_MS = 30_000
const views = [
  { value: 'submitted', label: '待审核' },
  { value: 'decided', label: '全部申请' },
  { value: 'credentials', label: '待核实资质' },
] as const
type DeskView = (typeof views)[number]['value']

const columns: readonly Column<VerificationRow>[] = [
  { id: 'name', title: '单位', cell: (row) => row.organisation.name },
  { id: 'uscc', title: '统一社会信用代码', cell: (row) => row.organisation.uscc },
  { id: 'city', title: '所在市', cell: (row) => row.organisation.city, width: '96px' },
  {
    id: 'findings',
    title: '提示',
    cell: (row) => (row.findings.length === 0 ? '—' : String(row.findings.length)),
    align: 'end',
    width: '72px',
  },
  { id: 'at', title: '提交', cell: (row) => stamp(new Date(row.submittedAt)), width: '120px' },
  {
    id: 'state',
    title: '状态',
    cell: (row) => <Tag tone={verificationTones[row.state]}>{verificationLabels[row.state]}</Tag>,
    width: '96px',
  },
]

/** 单位审核: applications with their warnings, one beside the list; and credentials. */
export default function DeskOrganisationsPage() {
  const { wide } = useLayout()
  const [view, setView] = useState<DeskView>('submitted')
  return (
    <Page title="单位审核" width="wide" first>
      {wide ? null : <Banner tone="info">审核请在宽屏（1024 像素以上）操作，这里只读。</Banner>}
      <Segmented label="视图" options={views} value={view} onChange={setView} />
      {view === 'credentials' ? <CredentialDesk /> : <Applications key={view} view={view} />}
    </Page>
  )
}

function Applications({ view }: { view: 'submitted' | 'decided' }) {
  const [chosen, setChosen] = useState<string | null>(null)
  const pages = usePages(
    identityEndpoints.listVerifications,
    view === 'submitted' ? { state: 'submitted', limit: 50 } : { limit: 50 },
    { pollMs: POLL_MS, keepOld: true },
  )
  const decided = () => {
    setChosen(null)
    void pages.query.refresh()
  }
  return (
    <ListDetail
      list={
        <State
          query={pages.query}
          isEmpty={(page) => page.rows.length === 0}
          empty={<Empty icon="clipboard-check">没有等待审核的单位。</Empty>}
        >
          {(page) => (
            <View className="stack">
              <DataTable
                label="认证申请"
                columns={columns}
                rows={page.rows}
                keyOf={(row) => row.id}
                selected={chosen}
                onSelect={(row) => setChosen(row.id)}
              />
              <More pages={pages} />
            </View>
          )}
        </State>
      }
      detail={chosen === null ? null : <DecisionPane key={chosen} id={chosen} onDone={decided} />}
      empty={<Empty icon="clipboard-list">选一份申请，核对材料与自动核验提示。</Empty>}
    />
  )
}
