import { isH5 } from './platform/target.ts'

export type A11y = {
  role?: string
  label?: string
  selected?: boolean
  checked?: boolean
  disabled?: boolean
  expanded?: boolean
  hidden?: boolean
  live?: 'polite' | 'assertive'
}

/**
 * Props to spread on a Taro component: `aria-*` attributes on H5, the aria plugin's props in
 * WeChat.
 */
export type A11yProps = { ariaRole?: string; ariaLabel?: string }

/**
 * One way to say what a thing is and in what state, for both targets: `<View {...a11y({ role:
 * 'list' })}>`.
 */
export function a11y(meaning: A11y): A11yProps {
  const props: Record<string, string> = {}
  for (const [name, value] of Object.entries(meaning)) {
    if (value === undefined) continue
    const text = String(value)
    if (isH5) props[name === 'role' ? 'role' : `aria-${name}`] = text
    else props[`aria${name.charAt(0).toUpperCase()}${name.slice(1)}`] = text
  }
  // The other names are known to the plugin and to the DOM, not to Taro's types.
  return props as A11yProps
}

type Key = { key?: string; preventDefault?: () => void; target?: unknown; currentTarget?: unknown }

/** Makes a View answer to a tap and, on H5, to Enter and Space as a real button does. */
export function tappable(
  onTap: (() => void) | undefined,
  enabled = true,
): { onClick?: () => void } {
  const tap = onTap !== undefined && enabled ? onTap : undefined
  if (!isH5) return tap === undefined ? {} : { onClick: tap }
  const keyboard = {
    tabIndex: enabled ? 0 : -1,
    onKeyDown: (event: Key) => {
      if (event.target !== event.currentTarget) return
      if (event.key !== 'Enter' && event.key !== ' ') return
      event.preventDefault?.()
      tap?.()
    },
  }
  return { ...keyboard, ...(tap === undefined ? {} : { onClick: tap }) }
}
