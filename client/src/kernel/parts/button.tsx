import { View } from '@tarojs/components'
import type { RefusalCode } from '@yiqi/shared/kernel/refusals.ts'
import type { ReactNode } from 'react'
import { a11y } from '../a11y.ts'
import { whyNot } from '../why-not.ts'
import { Icon } from './icon.tsx'
import type { IconName } from './icons.ts'
import { Tap } from './tap.tsx'

export type ButtonProps = {
  children: ReactNode
  onTap: () => void
  /** One `primary` a screen; default `secondary`. */
  kind?: 'primary' | 'secondary' | 'quiet' | 'danger'
  /** Full width and 48 px, or as wide as its words and 44 px; default `normal`. */
  size?: 'normal' | 'block'
  icon?: IconName
  /** Under way: shows a spinner and takes no taps. */
  busy?: boolean
  disabled?: boolean
  /** Read out instead of the words, where those are not enough ("确认 SX2611-0482"). */
  label?: string
  id?: string
}

/** A button. Words start with the verb. */
export function Button({
  children,
  onTap,
  kind = 'secondary',
  size = 'normal',
  icon,
  busy = false,
  disabled = false,
  label,
  id,
}: ButtonProps) {
  return (
    <Tap
      {...(id === undefined ? {} : { id })}
      {...(label === undefined ? {} : { label })}
      className={`p-button p-button-${kind} ${size === 'block' ? 'p-button-block' : ''}`}
      disabled={disabled || busy}
      onTap={onTap}
    >
      {busy ? <View className="p-spinner" {...a11y({ role: 'status', label: '处理中' })} /> : null}
      {icon !== undefined && !busy ? <Icon name={icon} size={18} /> : null}
      <View className="p-button-words">{children}</View>
    </Tap>
  )
}

export type ReasonButtonProps = ButtonProps & {
  /**
   * Why it may not be done now (a rule's answer): the button is then off and the reason stands
   * under it.
   */
  reason: RefusalCode | (string & {}) | null
}

/** A button that a rule may forbid: disabled with its reason shown, never hidden. */
export function ReasonButton({ reason, ...button }: ReasonButtonProps) {
  return (
    <View className={`p-reason ${button.size === 'block' ? 'p-reason-block' : ''}`}>
      <Button {...button} disabled={button.disabled === true || reason !== null} />
      {reason === null ? null : (
        <View className="p-reason-words t13">
          <Icon name="info" size={14} />
          <View>{whyNot(reason)}</View>
        </View>
      )}
    </View>
  )
}

/** A round button of one icon; `label` says what it does. */
export function IconButton({
  icon,
  label,
  onTap,
  disabled = false,
  id,
}: {
  icon: IconName
  label: string
  onTap: () => void
  disabled?: boolean
  id?: string
}) {
  return (
    <Tap
      {...(id === undefined ? {} : { id })}
      className="p-icon-button"
      label={label}
      onTap={onTap}
      disabled={disabled}
    >
      <Icon name={icon} size={22} />
    </Tap>
  )
}
