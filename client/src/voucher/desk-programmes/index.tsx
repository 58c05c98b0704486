import { View } from '@tarojs/components'
import { type Programme, voucherEndpoints } from '@yiqi/shared/voucher/endpoints.ts'
import { programmeTitle } from '@yiqi/shared/voucher/terms.ts'
import { useState } from 'react'
import { useRole } from '../../kernel/log-in.ts'
import { Banner } from '../../kernel/parts/banner.tsx'
import { Button } from '../../kernel/parts/button.tsx'
import { Grid } from '../../kernel/parts/list-detail.tsx'
import { Page } from '../../kernel/parts/page.tsx'
import { State } from '../../kernel/parts/state.tsx'
import { useLayout } from '../../kernel/use-layout.ts'
import { useQuery } from '../../kernel/use-query.ts'
import { IssueSheet } from '../parts/issue-sheet.tsx'
import { ProgrammeCard } from '../parts/programme-card.tsx'
import { QuotaIssues } from '../parts/quota-issues.tsx'
import { QuotaTable } from '../parts/quota-table.tsx'

/** 创新券计划: terms and budgets, the quotas issued from them, and what waits for its check. */
export default function DeskProgrammesPage() {
  const query = useQuery(voucherEndpoints.listProgrammes, {})
  return (
    <Page title="创新券计划" width="wide" onRefresh={query.refresh}>
      <State query={query}>
        {(list) => <Programmes rows={list.rows} onChanged={() => void query.refresh()} />}
      </State>
    </Page>
  )
}

function Programmes({ rows, onChanged }: { rows: readonly Programme[]; onChanged: () => void }) {
  const { wide } = useLayout()
  const { role } = useRole()
  const [chosenId, setChosenId] = useState<string | null>(null)
  const [issuing, setIssuing] = useState(false)
  const [round, setRound] = useState(0)
  const chosen = rows.find((row) => row.id === chosenId) ?? rows[0]
  if (chosen === undefined) return <Banner tone="info">还没有在执行的创新券计划。</Banner>
  const issued = () => {
    setRound(round + 1)
    onChanged()
  }
  return (
    <>
      <Grid columns={2}>
        {rows.map((programme) => (
          <ProgrammeCard
            key={programme.id}
            programme={programme}
            selected={programme.id === chosen.id}
            onTap={() => setChosenId(programme.id)}
          />
        ))}
      </Grid>
      {wide ? null : <Banner tone="info">发放额度请在宽屏（1024 像素以上）操作，这里只读。</Banner>}
      <View className="row">
        <View className="t17 grow">{`${programmeTitle(chosen.name).title} · 已发放额度`}</View>
        {wide && role === 'voucher-administrator-province' ? (
          <Button id="issue-open" kind="primary" icon="plus" onTap={() => setIssuing(true)}>
            提请发放
          </Button>
        ) : null}
      </View>
      {role === 'voucher-administrator-city' ? null : (
        <QuotaIssues
          key={`issues ${chosen.id} ${round}`}
          programmeId={chosen.id}
          onChanged={issued}
        />
      )}
      <QuotaTable key={`${chosen.id} ${round}`} programmeId={chosen.id} />
      <IssueSheet
        key={`issue ${chosen.id} ${round}`}
        programme={issuing ? chosen : null}
        onClose={() => setIssuing(false)}
        onDone={issued}
      />
    </>
  )
}
