import type { Action } from '@yiqi/shared/kernel/access.ts'
import type { Actor } from './ctx.ts'

// How often somebody may ask. One number per key: the instant at which everything asked so far has
// been worked off at the allowed pace (generic cell rate algorithm, ITU-T I.371). No timers, no
// sweeps; a table that is full drops its oldest keys, which only ever forgives.

type Pace = { max: number; perMs: number }
type Who = 'address' | 'person' | 'organisation'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** The classes of routes, each with its paces; an action is of the first class that names it. */
const classes: readonly {
  name: string
  actions: RegExp
  paces: Partial<Record<Who, Pace>>
}[] = [
  {
    name: 'log-in',
    actions:
      /^identity\.(logIn|logInWithWechat|logInAsDemo|stepUp|confirmFactor|acceptInvitation)$/,
    paces: { address: { max: 30, perMs: MINUTE }, person: { max: 10, perMs: MINUTE } },
  },
  {
    name: 'code',
    actions: /^identity\.request(StepUp)?Code$/,
    paces: { address: { max: 20, perMs: HOUR }, person: { max: 5, perMs: HOUR } },
  },
  {
    name: 'export',
    actions: /\.export|\.getPaymentFile$/,
    paces: { person: { max: 20, perMs: DAY } },
  },
  {
    name: 'booking',
    actions: /^booking\.(holdSlot|requestBooking)$/,
    paces: { person: { max: 30, perMs: MINUTE }, organisation: { max: 120, perMs: MINUTE } },
  },
  {
    name: 'search',
    actions: /^catalogue\.listInstruments$|^booking\.list(Free|Offers)/,
    paces: { address: { max: 240, perMs: MINUTE }, person: { max: 120, perMs: MINUTE } },
  },
]
const everything = {
  name: 'all',
  paces: {
    // Many people sit behind one address of a company or a university.
    address: { max: 1_200, perMs: MINUTE },
    person: { max: 600, perMs: MINUTE },
    organisation: { max: 6_000, perMs: MINUTE },
  } satisfies Record<Who, Pace>,
}

const KEYS_MAX = 200_000

export type Limits = {
  /** Whole seconds to wait, or null: go on, and it counts. `nowMs` is real time. */
  check: (asked: {
    action: Action
    actor: Actor
    address: string | null
    nowMs: number
  }) => number | null
}

/** `factor`: so many times the usual paces, for demonstrations that come from one address. */
export function makeLimits({ factor = 1 }: { factor?: number } = {}): Limits {
  const doneAt = new Map<string, number>()
  const take = (key: string, { max, perMs }: Pace, nowMs: number): number => {
    const each = perMs / (max * factor)
    const done = Math.max(doneAt.get(key) ?? 0, nowMs)
    const early = done + each - nowMs - perMs
    if (early > 0) return early
    doneAt.delete(key) // to the end: the oldest stand first
    doneAt.set(key, done + each)
    if (doneAt.size > KEYS_MAX) for (const oldest of doneAt.keys()) return forget(doneAt, oldest)
    return 0
  }
  return {
    check: ({ action, actor, address, nowMs }) => {
      const own = classes.find(({ actions }) => actions.test(action))
      const waits = [own, everything].flatMap((each) =>
        each === undefined
          ? []
          : keysOf(actor, address).map(([who, id]) => {
              const paces: Partial<Record<Who, Pace>> = each.paces
              const pace = paces[who]
              return pace === undefined ? 0 : take(`${each.name} ${id}`, pace, nowMs)
            }),
      )
      const longest = Math.max(0, ...waits)
      return longest > 0 ? Math.ceil(longest / 1000) : null
    },
  }
}

function forget(doneAt: Map<string, number>, key: string): number {
  doneAt.delete(key)
  return 0
}

/** A person is counted by themselves and their organisation, a visitor by the address. */
function keysOf(actor: Actor, address: string | null): [Who, string][] {
  switch (actor.kind) {
    case 'member':
      return [
        ['person', actor.userId],
        ['organisation', actor.organisationId],
      ]
    case 'person':
      return [['person', actor.userId]]
    default:
      return address === null ? [] : [['address', address]]
  }
}
