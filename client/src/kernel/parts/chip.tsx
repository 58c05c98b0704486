import { View } from '@tarojs/components'
import type { PropsWithChildren } from 'react'
import { Icon } from './icon.tsx'
import type { IconName } from './icons.ts'
import { Tap } from './tap.tsx'

export type ChipProps = {
  children: string
  selected?: boolean
  onTap: () => void
  icon?: IconName
  disabled?: boolean
  id?: string
}

/** A filter or a choice among few. */
export function Chip({ children, selected = false, onTap, icon, disabled = false, id }: ChipProps) {
  return (
    <Tap
      {...(id === undefined ? {} : { id })}
      className={`p-chip ${selected ? 'p-chip-on' : ''}`}
      onTap={onTap}
      disabled={disabled}
      state={{ selected }}
    >
      {icon === undefined ? null : <Icon name={icon} size={16} />}
      <View>{children}</View>
    </Tap>
  )
}

/** Chips in one line that scrolls sideways (`wrap` lets it grow instead). */
export function ChipRow({ children, wrap = false }: PropsWithChildren<{ wrap?: boolean }>) {
  return <View className={`p-chips ${wrap ? 'p-chips-wrap' : ''}`}>{children}</View>
}
