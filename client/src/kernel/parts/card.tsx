import { View } from '@tarojs/components'
import type { ReactNode } from 'react'
import { Tap } from './tap.tsx'

export type CardProps = {
  children: ReactNode
  /** A heading line, with something at its end. */
  title?: ReactNode
  extra?: ReactNode
  /** The whole card opens something; give it a `label`. */
  onTap?: () => void
  label?: string
  /**
   * `voucher` for voucher money, `sunken` for what is over, `edge-…` for a coloured left edge (day
   * boards).
   */
  look?: 'plain' | 'voucher' | 'sunken' | 'edge-own' | 'edge-warn' | 'edge-ok' | 'edge-quiet'
  selected?: boolean
  id?: string
}

/** A surface that holds one thing. */
export function Card({
  children,
  title,
  extra,
  onTap,
  label,
  look = 'plain',
  selected = false,
  id,
}: CardProps) {
  const className = `p-card p-card-${look} ${selected ? 'p-card-on' : ''}`
  const inside = (
    <>
      {title === undefined && extra === undefined ? null : (
        <View className="p-card-head">
          <View className="t16 bold grow">{title}</View>
          {extra}
        </View>
      )}
      {children}
    </>
  )
  const named = id === undefined ? {} : { id }
  if (onTap === undefined)
    return (
      <View {...named} className={className}>
        {inside}
      </View>
    )
  return (
    <Tap
      {...named}
      className={`${className} p-card-tap`}
      onTap={onTap}
      {...(label === undefined ? {} : { label })}
    >
      {inside}
    </Tap>
  )
}

/** A heading above a group of cards, with a tag or link at its end. */
export function Section({
  title,
  extra,
  children,
}: {
  title: string
  extra?: ReactNode
  children: ReactNode
}) {
  return (
    <View className="p-section">
      <View className="p-section-head">
        <View className="t17">{title}</View>
        {extra}
      </View>
      {children}
    </View>
  )
}

/** Two or three figures side by side: `1,612 h` over 年有效机时. */
export function Figures({
  items,
}: {
  items: readonly { value: string; label: string; tone?: 'voucher' | 'own' }[]
}) {
  return (
    <View className="p-figures">
      {items.map((item) => (
        <View className="p-figure" key={item.label}>
          <View className={`t20 num ${item.tone ?? ''}`}>{item.value}</View>
          <View className="t11 ink3">{item.label}</View>
        </View>
      ))}
    </View>
  )
}
