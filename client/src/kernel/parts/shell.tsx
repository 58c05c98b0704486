import { View } from '@tarojs/components'
import { type ReactNode, useRef } from 'react'
import { a11y } from '../a11y.ts'
import type { Tab } from '../navigation.ts'
import { Shown } from '../shown.ts'
import { useLayout } from '../use-layout.ts'
import { DemoBanner } from './demo-banner.tsx'
import { Icon } from './icon.tsx'
import { Rail } from './rail.tsx'
import { Scope } from './scope.tsx'
import { StepUpSheet } from './step-up-sheet.tsx'
import { Tap } from './tap.tsx'
import { ToastHost } from './toast.tsx'

export type ShellProps = {
  tabs: Tab[]
  active: string
  onTab: (id: string) => void
  /** Unread counts by tab id. */
  badges?: Record<string, number>
  /** The content of one tab, usually a `Frame`; mounted at its first visit, kept alive after. */
  panel: (tab: Tab) => ReactNode
}

/** The one page that holds the tabs: a bar below on phones, the rail on wide screens. */
export function Shell({ tabs, active, onTab, badges = {}, panel }: ShellProps) {
  const { wide } = useLayout()
  const visited = useRef(new Set<string>())
  const keyOf = (tab: Tab) => `${tab.id}/${tab.panel}`
  for (const tab of tabs) if (tab.id === active) visited.current.add(keyOf(tab))
  return (
    <Scope className="p-root">
      {wide ? <Rail activeTab={active} onTab={onTab} badges={badges} /> : null}
      <View className="p-shell">
        {tabs
          .filter((tab) => visited.current.has(keyOf(tab)))
          .map((tab) => (
            <View key={keyOf(tab)} className={`p-panel ${tab.id === active ? '' : 'p-panel-off'}`}>
              <Shown.Provider value={tab.id === active}>{panel(tab)}</Shown.Provider>
            </View>
          ))}
        <DemoBanner />
        {wide ? null : <TabBar tabs={tabs} active={active} onTab={onTab} badges={badges} />}
      </View>
      <StepUpSheet />
      <ToastHost />
    </Scope>
  )
}

function TabBar({ tabs, active, onTab, badges }: Required<Omit<ShellProps, 'panel'>>) {
  return (
    <View className="p-tab-bar" {...a11y({ role: 'tablist', label: '主导航' })}>
      {tabs.map((tab) => {
        const badge = badges[tab.id] ?? 0
        return (
          <Tap
            key={tab.id}
            role="tab"
            className={`p-tab ${tab.id === active ? 'p-tab-on' : ''}`}
            label={badge > 0 ? `${tab.label}，${badge} 条未读` : tab.label}
            state={{ selected: tab.id === active }}
            onTap={() => onTab(tab.id)}
          >
            <View className="p-tab-icon">
              <Icon name={tab.icon} size={22} />
              {badge > 0 ? (
                <View className="p-badge p-tab-badge num">{badge > 99 ? '99+' : badge}</View>
              ) : null}
            </View>
            <View className="t11">{tab.label}</View>
          </Tap>
        )
      })}
    </View>
  )
}
