import { View } from '@tarojs/components'
import { useSyncExternalStore } from 'react'
import { a11y } from '../a11y.ts'
import { Tap } from './tap.tsx'

type Shown = { words: string; undo: (() => void) | null }

const SHORT_MS = 1800
const UNDO_MS = 10_000

let shown: Shown | null = null
let timer: ReturnType<typeof setTimeout> | undefined
const watchers = new Set<() => void>()

/**
 * A light success at the bottom of the page ("已复制"); with `undo` it stays ten seconds. Never for
 * errors.
 */
export function toast(words: string, options: { undo?: () => void } = {}): void {
  clearTimeout(timer)
  tell({ words, undo: options.undo ?? null })
  timer = setTimeout(() => tell(null), options.undo === undefined ? SHORT_MS : UNDO_MS)
}

/** Where toasts are drawn; every Page and Shell has one. */
export function ToastHost() {
  const now = useSyncExternalStore(watch, () => shown)
  if (now === null) return <View {...a11y({ live: 'polite' })} />
  const undo = () => {
    tell(null)
    now.undo?.()
  }
  return (
    <View className="p-toast-place" {...a11y({ role: 'status', live: 'polite' })}>
      <View className="p-toast t14">
        <View>{now.words}</View>
        {now.undo === null ? null : (
          <Tap className="p-toast-undo" onTap={undo}>
            撤销
          </Tap>
        )}
      </View>
    </View>
  )
}

function tell(next: Shown | null): void {
  shown = next
  for (const watcher of [...watchers]) watcher()
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher)
  return () => {
    watchers.delete(watcher)
  }
}
