import Taro from '@tarojs/taro'
import { supports } from './support.ts'

/**
 * light: a slot is chosen; medium: scanned, next segment; heavy: a conflict. Never an error where
 * absent.
 */
export function vibrate(strength: 'light' | 'medium' | 'heavy'): void {
  if (!supports('haptics')) return
  // a device may refuse: nobody needs to know
  Taro.vibrateShort({ type: strength }).catch(() => undefined)
}
