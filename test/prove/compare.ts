import { MINUTE_MS } from '@yiqi/shared/kernel/time.ts'
import { newRandom } from '../support/random.ts'
import { chooseAct } from './choose.ts'
import { availableFen, quotaOf } from './ledger.ts'
import { balanceOf, type Naive, naiveAct, naiveLapse, newNaive } from './naive-machine.ts'
import { type Answer, serve, work } from './serve.ts'
import type { Bug, Steps, Store } from './store.ts'
import { enterprises, modes, openedStore, people, START } from './world.ts'

// One person after the other: the verbs over the store and the slow machine must agree on every
// answer, every state and every quota.

const ACTS = 120
const QUOTA_FEN = 90_000

/** Answers how many acts were compared; throws where the two differ. */
export function compareMachines(seed: number, bug: Bug | null = null): number {
  const random = newRandom(seed)
  const store = openedStore(QUOTA_FEN, bug)
  const naive = newNaive(QUOTA_FEN)
  let now = START
  for (let i = 0; i < ACTS; i++) {
    now = new Date(now.getTime() + random.below(random.chance(0.1) ? 300 : 9) * MINUTE_MS)
    if (random.chance(0.2)) {
      alone(work(store, () => now))
      naiveLapse(naive, now.getTime())
    }
    const who = random.pick(people)
    const act = who === undefined ? null : chooseAct(store, who, random, now)
    if (who === undefined || act === null) continue
    const answer = alone(serve(store, { key: `key ${i}`, who, act }, () => now))
    const allowed = naiveAct(naive, who, act, now, idOf(answer))
    if (allowed !== (answer.code === 'done'))
      throw new Error(`seed ${seed}, act ${i}: ${JSON.stringify(act)} was answered ${answer.code}`)
    compareStates(store, naive, `seed ${seed}, after act ${i}: ${JSON.stringify(act)}`)
  }
  return ACTS
}

/** Runs work to its end with nobody else about. */
export function alone<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

function idOf(answer: Answer): string {
  const body: unknown = 'body' in answer ? JSON.parse(answer.body) : null
  return typeof body === 'object' && body !== null && 'id' in body ? String(body.id) : ''
}

function compareStates(store: Store, naive: Naive, where: string): void {
  const states = (rows: Map<string, { state: string } | null>) =>
    JSON.stringify([...rows].map(([id, row]) => [id, row?.state]).sort())
  const quotas = enterprises.flatMap((enterprise) =>
    modes.map((mode) => {
      const account = store.rows.account.get(quotaOf(enterprise, mode))
      return [
        account ? availableFen(account) : 0,
        balanceOf(naive, `${enterprise} ${mode}`),
      ] as const
    }),
  )
  const pairs = [
    [states(store.rows.booking), states(naive.bookings)],
    [states(store.rows.claim), states(naive.claims)],
    [states(store.rows.batch), states(naive.batches)],
    ...quotas,
  ]
  const differing = pairs.find(([one, other]) => one !== other)
  if (differing) throw new Error(`${where}: ${differing.join(' but slowly ')}`)
}
