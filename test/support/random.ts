/** Numbers that only the seed decides, so that a run can be had again. */
export type Random = {
  /** 0 ≤ n < 1 */
  unit: () => number
  /** A whole number, 0 ≤ n < below. */
  below: (below: number) => number
  chance: (probability: number) => boolean
  pick: <T>(from: readonly T[]) => T | undefined
  shuffled: <T>(from: readonly T[]) => T[]
}

/** mulberry32: 32 bits of state, enough for a scheduler. */
export function newRandom(seed: number): Random {
  let state = seed >>> 0
  const unit = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(unit() * limit)
  return {
    unit,
    below,
    chance: (probability) => unit() < probability,
    pick: (from) => from[below(from.length)],
    shuffled: (from) =>
      from
        .map((value) => ({ value, at: unit() }))
        .sort((a, b) => a.at - b.at)
        .map(({ value }) => value),
  }
}
