import { View } from '@tarojs/components'
import { a11y } from '../a11y.ts'
import type { IconName } from './icons.ts'

export type IconProps = {
  name: IconName
  /** px at text scale 1; default 20. */
  size?: number
  /** A colour of the tokens; default the colour of the text around it. */
  tone?: 'primary' | 'voucher' | 'ok' | 'warn' | 'bad' | 'info' | 'ink2' | 'ink3'
  /** Only when the icon stands alone and means something; otherwise it is hidden from readers. */
  label?: string
}

/** A line icon in the colour of its text. */
export function Icon({ name, size = 20, tone, label }: IconProps) {
  const side = `calc(${size}px * var(--fs, 1))`
  return (
    <View
      className={`p-icon i-${name}`}
      style={{ width: side, height: side, ...(tone ? { color: `var(--${tone})` } : {}) }}
      {...(label === undefined ? a11y({ hidden: true }) : a11y({ role: 'img', label }))}
    />
  )
}
