import { View } from '@tarojs/components'
import { a11y } from '../a11y.ts'
import { go, goTo, herePath, restart } from '../go.ts'
import { useRole } from '../log-in.ts'
import { railLinksOf, tabsOf } from '../navigation.ts'
import { Icon } from './icon.tsx'
import type { IconName } from './icons.ts'
import { Tap } from './tap.tsx'

export type RailProps = {
  /** The tab in front, when this is the shell; elsewhere the page itself is found by its path. */
  activeTab?: string
  onTab?: (id: string) => void
  badges?: Record<string, number>
}

/** The dark rail at the left of wide screens: the role's tabs, then its desk pages. */
export function Rail({ activeTab, onTab, badges = {} }: RailProps) {
  const { family } = useRole()
  const here = herePath().split('?')[0]
  const openTab = (id: string) => (onTab === undefined ? restart.tabs.home({ tab: id }) : onTab(id))
  return (
    <View className="p-rail" {...a11y({ role: 'navigation', label: '主导航' })}>
      <View className="p-rail-brand">
        <Icon name="flask-conical" size={22} />
        <View className="t17">仪器共享</View>
      </View>
      {tabsOf(family).map((tab) => (
        <RailItem
          key={tab.id}
          icon={tab.icon}
          label={tab.label}
          active={activeTab === tab.id}
          badge={badges[tab.id] ?? 0}
          onTap={() => void openTab(tab.id)}
        />
      ))}
      {railLinksOf(family).map((link) => (
        <RailItem
          key={link.path}
          icon={link.icon}
          label={link.label}
          active={here === link.path}
          badge={0}
          onTap={() => void goTo(link.path)}
        />
      ))}
      <View className="grow" />
      {family === 'visitor' ? (
        <RailItem
          icon="user"
          label="登录"
          active={false}
          badge={0}
          onTap={() => void go.tabs.logIn({ back: herePath() })}
        />
      ) : null}
    </View>
  )
}

type RailItemProps = {
  icon: IconName
  label: string
  active: boolean
  badge: number
  onTap: () => void
}

function RailItem({ icon, label, active, badge, onTap }: RailItemProps) {
  return (
    <Tap
      role="link"
      className={`p-rail-item ${active ? 'p-rail-on' : ''}`}
      state={{ selected: active }}
      onTap={onTap}
    >
      <Icon name={icon} size={18} />
      <View className="grow">{label}</View>
      {badge > 0 ? <View className="p-badge num">{badge > 99 ? '99+' : badge}</View> : null}
    </Tap>
  )
}
