import { setTimeout as sleep } from 'node:timers/promises'
import { must } from '@yiqi/shared/kernel/assert.ts'
import type { Random } from '../support/random.ts'
import type { Matches, Network } from './network.ts'
import { kill, type Stack } from './stack.ts'

/** One thing that breaks, and how often it is in the deck. */
export type Fault = {
  name: string
  inDeck: number
  /** Whoever starts again what died gives up when it dies too often, and so do we. */
  atMost?: { times: number; withinMs: number }
  kills?: 'server'
  /** Does the damage and settles as soon as it is over; what follows is recovery. */
  inflict: (stack: Stack, random: Random) => Promise<void>
}

/** The commit of a write with a key, and the call that is a whole write. */
const isCommit: Matches = (statement, before) =>
  statement.startsWith('commit') && before.includes('keep_answer')
const isOneCall: Matches = (statement) => /\b(hold_slot|request_booking)\s*\(/.test(statement)
const BLACK_HOLE_MS = 11_000

export const faults: readonly Fault[] = [
  {
    name: 'kill -9 server',
    inDeck: 5,
    atMost: { times: 3, withinMs: 30_000 },
    kills: 'server',
    inflict: async ({ serverPid }) => kill(must(serverPid(), 'a running server')),
  },
  {
    name: 'kill -9 postmaster',
    inDeck: 3,
    atMost: { times: 3, withinMs: 60_000 },
    inflict: ({ databasePid }) => kill(databasePid()),
  },
  { name: 'terminate one backend', inDeck: 5, inflict: (stack) => terminate(stack, 1) },
  { name: 'terminate all backends', inDeck: 4, inflict: (stack) => terminate(stack, 1_000) },
  {
    name: 'answer of a commit lost',
    inDeck: 3,
    inflict: ({ network }, random) => network.cut(isCommit, 'answered', 1 + random.below(4)),
  },
  {
    name: 'answer of one call lost',
    inDeck: 3,
    inflict: ({ network }, random) => network.cut(isOneCall, 'answered', 1 + random.below(4)),
  },
  {
    name: 'cut right after a commit',
    inDeck: 2,
    inflict: ({ network }, random) => network.cut(isCommit, 'sent', 1 + random.below(4)),
  },
  {
    name: 'commit never arrives',
    inDeck: 2,
    inflict: ({ network }, random) => network.cut(isCommit, 'unsent', 1 + random.below(4)),
  },
  {
    name: 'one call never arrives',
    inDeck: 2,
    inflict: ({ network }, random) => network.cut(isOneCall, 'unsent', 1 + random.below(4)),
  },
  { name: 'all connections reset', inDeck: 4, inflict: async ({ network }) => network.reset() },
  {
    name: 'slow network',
    inDeck: 1,
    inflict: async ({ network }) => {
      network.delay(150)
      await sleep(1_500)
      network.delay(0)
    },
  },
  {
    name: 'silent network, short',
    inDeck: 1,
    inflict: ({ network }, random) => silence(network, 500 + random.below(1_500)),
  },
  {
    name: 'silent network, long',
    inDeck: 1,
    atMost: { times: 1, withinMs: 90_000 },
    inflict: ({ network }) => silence(network, BLACK_HOLE_MS),
  },
]

/** Deals the faults in a random order, for ever; one that must not happen yet waits its turn. */
export function makeDeck(random: Random, kinds: readonly Fault[]): () => Fault {
  const deck: Fault[] = []
  const dealt: { fault: Fault; at: number }[] = []
  const isDue = ({ name, atMost }: Fault) =>
    atMost === undefined ||
    dealt.filter(({ fault, at }) => fault.name === name && at > performance.now() - atMost.withinMs)
      .length < atMost.times
  return () => {
    if (!deck.some(isDue))
      deck.push(...random.shuffled(kinds.flatMap((fault) => Array(fault.inDeck).fill(fault))))
    const [fault] = deck.splice(deck.findIndex(isDue), 1)
    dealt.push({ fault: must(fault, 'a fault that is due'), at: performance.now() })
    return must(fault, 'a fault that is due')
  }
}

/** Ends that many of the server's backends, those at work first. */
async function terminate({ sql }: Stack, count: number): Promise<void> {
  await sql`
    select pg_terminate_backend(pid) from (
      select pid from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()
        and backend_type = 'client backend'
      order by state = 'active' desc, random() limit ${count}) as chosen`
}

async function silence(network: Network, ms: number): Promise<void> {
  network.hold(true)
  await sleep(ms)
  network.hold(false)
}
