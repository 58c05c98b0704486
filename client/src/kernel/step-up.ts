import { useSyncExternalStore } from 'react'

// A call that needs a fresh second factor waits here until the person has given it.

export type Asked = { why: 'step_up' | 'second_factor'; answer: (given: boolean) => void }

let asked: Asked | null = null
const watchers = new Set<() => void>()

/** Asks the person for the second factor; whether they gave it. Calls at the same time share it. */
export function askStepUp(why: Asked['why']): Promise<boolean> {
  return new Promise((resolve) => {
    const before = asked
    tell({
      why,
      answer: (given) => {
        tell(null)
        before?.answer(given)
        resolve(given)
      },
    })
  })
}

/** What is asked for now, for the sheet. */
export function useAsked(): Asked | null {
  return useSyncExternalStore(watch, () => asked)
}

function tell(next: Asked | null): void {
  asked = next
  for (const watcher of [...watchers]) watcher()
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher)
  return () => {
    watchers.delete(watcher)
  }
}
