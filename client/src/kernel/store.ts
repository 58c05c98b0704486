import Taro from '@tarojs/taro'
import { useSyncExternalStore } from 'react'

/** One value in the device's storage, with those who watch it. */
export type Store<T> = { get: () => T; set: (value: T) => void; use: () => T }

/**
 * Makes a stored value. `read` turns what storage holds (anything, even of an older version) into a
 * T.
 */
export function stored<T>(name: string, read: (raw: unknown) => T): Store<T> {
  let value: T | undefined
  const watchers = new Set<() => void>()
  const get = (): T => {
    if (value === undefined) value = read(Taro.getStorageSync(name))
    return value
  }
  const subscribe = (watcher: () => void) => {
    watchers.add(watcher)
    return () => {
      watchers.delete(watcher)
    }
  }
  return {
    get,
    set(next) {
      value = next
      Taro.setStorageSync(name, next)
      for (const watcher of [...watchers]) watcher()
    },
    use: () => useSyncExternalStore(subscribe, get),
  }
}
