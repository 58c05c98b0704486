import { View } from '@tarojs/components'
import type { CSSProperties, PropsWithChildren } from 'react'
import { type A11y, a11y, tappable } from '../a11y.ts'

export type TapProps = PropsWithChildren<{
  onTap?: (() => void) | undefined
  /** What is read out; needed when the content is not text. */
  label?: string
  /** Default `button`. */
  role?: string
  disabled?: boolean
  state?: Pick<A11y, 'selected' | 'checked' | 'expanded'>
  className?: string
  style?: CSSProperties
  id?: string
}>

/**
 * Anything that can be tapped: focusable and answering to Enter and Space on H5, a labelled button
 * in WeChat.
 */
export function Tap({
  onTap,
  label,
  role = 'button',
  disabled = false,
  state,
  className = '',
  style,
  id,
  children,
}: TapProps) {
  return (
    <View
      {...(id === undefined ? {} : { id })}
      {...(style === undefined ? {} : { style })}
      className={`p-tap ${disabled ? 'p-tap-off' : ''} ${className}`}
      {...(disabled ? {} : { hoverClass: 'p-tap-down', hoverStayTime: 60 })}
      {...a11y({
        role,
        ...(label === undefined ? {} : { label }),
        ...(disabled ? { disabled } : {}),
        ...state,
      })}
      {...tappable(onTap, !disabled)}
    >
      {children}
    </View>
  )
}
