import Taro from '@tarojs/taro'
import { useEffect, useState } from 'react'
import { isH5 } from './target.ts'

/** Whether the device says it has a network; true until it says otherwise. */
export function useOnline(): boolean {
  const [online, setOnline] = useState(() => (isH5 ? navigator.onLine : true))
  // The device's network is outside React.
  useEffect(() => (isH5 ? watchBrowser(setOnline) : watchWeChat(setOnline)), [])
  return online
}

function watchBrowser(tell: (online: boolean) => void): () => void {
  const changed = () => tell(navigator.onLine)
  window.addEventListener('online', changed)
  window.addEventListener('offline', changed)
  return () => {
    window.removeEventListener('online', changed)
    window.removeEventListener('offline', changed)
  }
}

function watchWeChat(tell: (online: boolean) => void): () => void {
  const changed = (status: { isConnected: boolean }) => tell(status.isConnected)
  Taro.onNetworkStatusChange(changed)
  return () => Taro.offNetworkStatusChange(changed)
}
