import { systemTextScale } from './platform/window.ts'
import { stored } from './store.ts'

const SCALE_MIN = 0.95
const SCALE_MAX = 1.5
const ELDER_SCALE = 1.4
/** From this scale of the system on, the elder version is what the person has asked for already. */
const ELDER_FROM = 1.3

/** 长辈版: chosen by hand (`elderMode.set(true)`); null until the person chose. */
export const elderMode = stored<boolean | null>('yiqi.elder', (raw) =>
  typeof raw === 'boolean' ? raw : null,
)

/** The factor for --fs, and whether targets are the large ones. */
export function useTextScale(): { scale: number; elder: boolean } {
  const chosen = elderMode.use()
  const system = systemTextScale()
  const elder = chosen ?? system >= ELDER_FROM
  const scale = Math.min(SCALE_MAX, Math.max(SCALE_MIN, system, elder ? ELDER_SCALE : SCALE_MIN))
  return { scale: elder ? scale : Math.min(scale, ELDER_FROM), elder }
}
