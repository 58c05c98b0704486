import Taro from '@tarojs/taro'
import { isH5 } from './target.ts'

/**
 * What the header must keep clear of, in px: the status bar above and WeChat's capsule on the
 * right.
 */
export type SafeTop = { statusPx: number; barPx: number; capsulePx: number }

let safeTopKnown: SafeTop | null = null

/**
 * Heights of the status bar and of our header bar, and the width the capsule takes. H5 uses CSS
 * env() instead.
 */
export function safeTop(): SafeTop {
  if (isH5) return { statusPx: 0, barPx: 48, capsulePx: 0 }
  if (safeTopKnown === null) {
    const { statusBarHeight = 20, windowWidth } = Taro.getWindowInfo()
    const capsule = Taro.getMenuButtonBoundingClientRect()
    const gap = Math.max(4, capsule.top - statusBarHeight)
    safeTopKnown = {
      statusPx: statusBarHeight,
      barPx: capsule.height + gap * 2,
      capsulePx: windowWidth - capsule.left + 8,
    }
  }
  return safeTopKnown
}

export function windowWidth(): number {
  return isH5 ? window.innerWidth : Taro.getWindowInfo().windowWidth
}

/**
 * Calls back when the window is resized (a browser, WeChat on a PC, a tablet turned); returns how
 * to stop.
 */
export function onResize(callback: () => void): () => void {
  if (isH5) {
    window.addEventListener('resize', callback)
    return () => window.removeEventListener('resize', callback)
  }
  Taro.onWindowResize(callback)
  return () => Taro.offWindowResize(callback)
}

/** The title that the browser's tab and WeChat's task list show. */
export function setTitle(title: string): void {
  if (isH5) document.title = title
  else void Taro.setNavigationBarTitle({ title }).catch(() => undefined)
}

/**
 * The font scale the person chose in WeChat (1 = standard); H5 has none, the browser zooms by
 * itself.
 */
export function systemTextScale(): number {
  if (isH5) return 1
  // Newer than Taro's types.
  const info: object & { fontSizeScaleFactor?: number } = Taro.getAppBaseInfo()
  return info.fontSizeScaleFactor ?? 1
}

/**
 * Puts class names on the root element of the document; in WeChat every page has its own root
 * instead.
 */
export function setRootClass(className: string, variables: Record<string, string>): void {
  if (!isH5) return
  const root = document.documentElement
  root.className = className
  for (const [name, value] of Object.entries(variables)) root.style.setProperty(name, value)
}

/**
 * Writes the page's path with its present query into the address line, without opening anything. H5
 * only.
 */
export function keepInAddress(path: string): void {
  if (isH5) window.history.replaceState(window.history.state, '', path)
}

/** Whether the device shows things dark. */
export function systemIsDark(): boolean {
  if (isH5) return window.matchMedia('(prefers-color-scheme: dark)').matches
  return Taro.getAppBaseInfo().theme === 'dark'
}

/** Calls back when the device turns dark or light; returns how to stop. */
export function onSystemTheme(callback: () => void): () => void {
  if (isH5) {
    const query = window.matchMedia('(prefers-color-scheme: dark)')
    query.addEventListener?.('change', callback)
    return () => query.removeEventListener?.('change', callback)
  }
  Taro.onThemeChange(callback)
  return () => Taro.offThemeChange(callback)
}
