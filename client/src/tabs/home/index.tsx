import { useState } from 'react'
import { useRole } from '../../kernel/log-in.ts'
import { type Tab, tabsOf } from '../../kernel/navigation.ts'
import { Shell } from '../../kernel/parts/shell.tsx'
import { useParams } from '../../kernel/use-params.ts'
import { useUnread } from '../../kernel/use-unread.ts'
import { PanelOf } from '../panels/panel-of.tsx'

/** The shell: the tabs of the role, switched in place. `?tab=` opens one of them. */
export default function Home() {
  const params = useParams<'tab'>()
  const { family } = useRole()
  const tabs = tabsOf(family)
  const [chosen, setChosen] = useState(params.tab ?? 'home')
  const active = tabs.some((tab) => tab.id === chosen) ? chosen : 'home'
  const badges = { inbox: useUnread() }
  const panel = (tab: Tab) => <PanelOf panel={tab.panel} onTab={setChosen} />
  return <Shell tabs={tabs} active={active} onTab={setChosen} badges={badges} panel={panel} />
}
