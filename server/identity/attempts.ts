const REMEMBERED_MAX = 10_000

/** Counts the tries of each one-time code. */
export type Attempts = { next: (codeId: string) => number }

/**
 * Kept in this process and not in the database, because a refused log-in takes its transaction's
 * writes back with it. Several processes allow as many times the tries, of a million codes each.
 */
export function makeAttempts(): Attempts {
  const tries = new Map<string, number>()
  return {
    next: (codeId) => {
      if (tries.size >= REMEMBERED_MAX && !tries.has(codeId)) forgetOldest(tries)
      const count = (tries.get(codeId) ?? 0) + 1
      tries.set(codeId, count)
      return count
    },
  }
}

function forgetOldest(tries: Map<string, number>): void {
  for (const codeId of tries.keys()) {
    tries.delete(codeId)
    return
  }
}
