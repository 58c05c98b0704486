import { View } from '@tarojs/components'
import type { ReactNode } from 'react'
import { Icon } from './icon.tsx'
import type { IconName } from './icons.ts'
import { Tap } from './tap.tsx'

export type CellProps = {
  title: ReactNode
  /** A second, smaller line. */
  detail?: ReactNode
  /** What stands at the end. */
  value?: ReactNode
  icon?: IconName
  /** Opens something: shows a chevron. */
  onTap?: () => void
  label?: string
  id?: string
}

/** One line of a list or of facts. Put several into a Card. */
export function Cell({ title, detail, value, icon, onTap, label, id }: CellProps) {
  const inside = (
    <>
      {icon === undefined ? null : <Icon name={icon} size={20} tone="ink2" />}
      <View className="grow">
        <View className="t16">{title}</View>
        {detail === undefined || detail === null ? null : (
          <View className="t13 ink3">{detail}</View>
        )}
      </View>
      {value === undefined ? null : <View className="p-cell-value t14 ink2">{value}</View>}
      {onTap === undefined ? null : <Icon name="chevron-right" size={18} tone="ink3" />}
    </>
  )
  if (onTap === undefined) return <View className="p-cell">{inside}</View>
  return (
    <Tap
      {...(id === undefined ? {} : { id })}
      className="p-cell"
      onTap={onTap}
      {...(label === undefined ? {} : { label })}
    >
      {inside}
    </Tap>
  )
}
