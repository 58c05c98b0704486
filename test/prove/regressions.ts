/**
 * Seeds that once found something: the simulator and the machines replay each of them, for ever.
 * A seed names its run only as long as the simulator makes the same choices, so a new find goes in
 * together with its repair.
 */
export const regressions: readonly { seed: number; found: string }[] = [
  {
    seed: 10_165,
    found: 'a refused copy of a request was believed, while a lost one had its effect',
  },
  { seed: 20_496, found: 'check-in, finish and outage wait in a circle: one is told to ask again' },
  {
    seed: 21_921,
    found: 'an outage and a cancellation wait in a circle: one is told to ask again',
  },
]
