import { useEffect, useState } from 'react'
import { onSystemTheme, systemIsDark } from './platform/window.ts'
import { stored } from './store.ts'

export const themeChoices = ['system', 'light', 'dark'] as const
export type ThemeChoice = (typeof themeChoices)[number]

export const themeLabels: Record<ThemeChoice, string> = {
  system: '跟随系统',
  light: '浅色',
  dark: '深色',
}

/** What the person chose; `themeChoice.set('dark')`. */
export const themeChoice = stored<ThemeChoice>('yiqi.theme', (raw) => {
  return themeChoices.find((choice) => choice === raw) ?? 'system'
})

/** The colours in use now: needed only where a colour is not CSS (icons). */
export function useTheme(): 'light' | 'dark' {
  const choice = themeChoice.use()
  const [dark, setDark] = useState(systemIsDark)
  // The device's setting is outside React.
  useEffect(() => onSystemTheme(() => setDark(systemIsDark())), [])
  if (choice !== 'system') return choice
  return dark ? 'dark' : 'light'
}
