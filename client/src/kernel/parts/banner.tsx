import { View } from '@tarojs/components'
import type { ReactNode } from 'react'
import { a11y } from '../a11y.ts'
import { Icon } from './icon.tsx'
import type { IconName } from './icons.ts'

export type BannerProps = {
  children: ReactNode
  tone?: 'info' | 'warn' | 'bad' | 'ok' | 'voucher'
  icon?: IconName
  /** At the end: a button. */
  action?: ReactNode
}

const icons: Record<'info' | 'warn' | 'bad' | 'ok' | 'voucher', IconName> = {
  info: 'info',
  warn: 'triangle-alert',
  bad: 'circle-alert',
  ok: 'circle-check',
  voucher: 'ticket-percent',
}

/** A sentence that stays, across the page or within a card: something to know before acting. */
export function Banner({ children, tone = 'info', icon, action }: BannerProps) {
  return (
    <View
      className={`p-banner p-banner-${tone}`}
      {...a11y({ role: tone === 'bad' ? 'alert' : 'status' })}
    >
      <Icon name={icon ?? icons[tone]} size={18} />
      <View className="grow t14">{children}</View>
      {action}
    </View>
  )
}
