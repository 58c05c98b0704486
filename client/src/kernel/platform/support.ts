import { isH5 } from './target.ts'

export const abilities = [
  'scan',
  'haptics',
  'clipboard',
  'openDocument',
  'downloadByBrowser',
  'pickChatFile',
  'pickByBrowser',
  'keepScreenOn',
  'shareCard',
] as const
export type Ability = (typeof abilities)[number]

// Asked before any device API: on H5 Taro's production build answers "success" to what it does not
// have.
const supported: Record<Ability, { weapp: boolean; h5: boolean }> = {
  scan: { weapp: true, h5: false },
  haptics: { weapp: true, h5: false },
  clipboard: { weapp: true, h5: true },
  openDocument: { weapp: true, h5: false },
  downloadByBrowser: { weapp: false, h5: true },
  pickChatFile: { weapp: true, h5: false },
  pickByBrowser: { weapp: false, h5: true },
  keepScreenOn: { weapp: true, h5: true },
  shareCard: { weapp: true, h5: false },
}

/** Whether this build's target has an ability at all. */
export function supports(ability: Ability): boolean {
  return supported[ability][isH5 ? 'h5' : 'weapp']
}
