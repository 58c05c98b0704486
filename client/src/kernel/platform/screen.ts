import Taro from '@tarojs/taro'
import { useEffect } from 'react'
import { isH5 } from './target.ts'

/** Keeps the screen lit while the page is mounted: a running session is looked at, not touched. */
export function useScreenOn(): void {
  // The screen is outside React.
  useEffect(() => (isH5 ? holdInBrowser() : holdInWeChat()), [])
}

function holdInWeChat(): () => void {
  void Taro.setKeepScreenOn({ keepScreenOn: true }).catch(() => undefined)
  return () => void Taro.setKeepScreenOn({ keepScreenOn: false }).catch(() => undefined)
}

type WakeLock = { release: () => Promise<void> }
type WithWakeLock = { wakeLock?: { request: (type: 'screen') => Promise<WakeLock> } }

function holdInBrowser(): () => void {
  let lock: WakeLock | null = null
  let over = false
  const { wakeLock } = navigator as unknown as WithWakeLock // absent in older browsers
  wakeLock
    ?.request('screen')
    .then((granted) => {
      if (over) void granted.release()
      else lock = granted
    })
    .catch(() => undefined) // low battery: the screen then goes dark as usual
  return () => {
    over = true
    void lock?.release()
  }
}
