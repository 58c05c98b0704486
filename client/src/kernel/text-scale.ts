import { systemTextScale } from './platform/window.ts'
import { stored } from './store.ts'

const SCALE_MIN = 0.95
const SCALE_MAX = 1.5
/** From this scale of the system on, the elder version is what the person has asked for already. */
const ELDER_FROM = 1.3

export const textSizes = ['standard', 'large', 'elder'] as const
export type TextSize = (typeof textSizes)[number]

export const textSizeLabels: Record<TextSize, string> = {
  standard: '标准',
  large: '大',
  elder: '长辈版',
}

const scales: Record<TextSize, number> = { standard: SCALE_MIN, large: 1.18, elder: 1.4 }

/**
 * What the person chose (`textSize.set('elder')`); null until then: the system's own setting
 * decides.
 */
export const textSize = stored<TextSize | null>('yiqi.text-size', (raw) => {
  return textSizes.find((size) => size === raw) ?? null
})

/** The size in use: the chosen one, or the one that fits the system's setting. */
export function useTextSize(): TextSize {
  const chosen = textSize.use()
  if (chosen !== null) return chosen
  return systemTextScale() >= ELDER_FROM ? 'elder' : 'standard'
}

/** The factor for --fs, and whether targets are the large ones. */
export function useTextScale(): { scale: number; elder: boolean } {
  const size = useTextSize()
  const elder = size === 'elder'
  const scale = Math.min(SCALE_MAX, Math.max(SCALE_MIN, systemTextScale(), scales[size]))
  return { scale: elder ? scale : Math.min(scale, ELDER_FROM), elder }
}
