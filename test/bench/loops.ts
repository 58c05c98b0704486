import { setTimeout as sleep } from 'node:timers/promises'

/** How often a second `work` was done by so many loops side by side, over so many milliseconds. */
export async function rateOf(
  loops: number,
  ms: number,
  work: (loop: number) => Promise<unknown>,
): Promise<number> {
  const started = performance.now()
  let done = 0
  await sideBySide(loops, async (loop) => {
    while (performance.now() - started < ms) {
      await work(loop)
      done++
    }
  })
  return (done * 1000) / (performance.now() - started)
}

/** Does `work` so many times in all, by so many loops side by side. */
export async function repeat(
  loops: number,
  times: number,
  work: (loop: number, nth: number) => Promise<unknown>,
): Promise<void> {
  let next = 0
  await sideBySide(loops, async (loop) => {
    while (next < times) await work(loop, next++)
  })
}

/** Each of these measured in turn, again and again, so that all meet the same weather. By name. */
export async function inRounds<K extends string>(
  rounds: number,
  measured: Record<K, () => Promise<number>>,
): Promise<Record<K, number[]>> {
  const names = Object.keys(measured) as K[] // a record has the keys of its type
  const found = new Map<K, number[]>(names.map((name) => [name, []]))
  for (let round = 0; round < rounds; round++)
    for (const name of names) found.get(name)?.push(await measured[name]())
  return Object.fromEntries(found) as Record<K, number[]> // one for each name
}

/** Waits until `ask` says yes; throws what was awaited when it does not in time. */
export async function until(
  what: string,
  withinMs: number,
  ask: () => Promise<boolean>,
): Promise<void> {
  for (const end = performance.now() + withinMs; !(await ask()); await sleep(50))
    if (performance.now() > end) throw new Error(`${what}: not within ${withinMs / 1000} s`)
}

async function sideBySide(loops: number, loop: (nth: number) => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: loops }, (_, nth) => loop(nth)))
}
