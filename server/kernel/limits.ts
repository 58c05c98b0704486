import type { Action } from '@yiqi/shared/kernel/access.ts'
import { lineOf } from './address.ts'
import type { Actor } from './ctx.ts'

// How often somebody may ask. One number per key: the instant at which everything asked so far has
// been worked off at the allowed pace (generic cell rate algorithm, ITU-T I.371): `max` at once, and
// then one each `perMs / max`. No timers, no sweeps, no I/O. A restart forgets, and each process
// counts for itself.

type Pace = { max: number; perMs: number }
type Who = 'address' | 'person' | 'organisation'
/** What somebody asks for: an action of the access table, or a file by one of its own routes. */
export type Asked = Action | 'files.keep' | 'files.link' | 'files.open'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

type Class = { name: string; paces: Partial<Record<Who, Pace>> }
/** The classes of routes, each with its paces; an action is of the first class that names it. */
const limitClasses: readonly (Class & { actions: RegExp })[] = [
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
    name: 'upload',
    actions: /^files\.keep$/,
    paces: { person: { max: 20, perMs: HOUR } },
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
/** What counts whatever is asked for. */
const everything: Class = {
  name: 'all',
  paces: {
    // Many people sit behind one address of a company or a university.
    address: { max: 1_200, perMs: MINUTE },
    person: { max: 600, perMs: MINUTE },
    organisation: { max: 6_000, perMs: MINUTE },
  },
}

/**
 * Keys of one class and one kind of asker, at most, and as many again that are no longer asked for.
 */
const KEYS_MAX = 50_000

export type Limits = {
  /**
   * Whole seconds to wait, or null: go on, and it counts. What has to wait does not count. `nowMs`
   * is real time.
   */
  check: (asked: {
    action: Asked
    actor: Actor
    address: string | null
    nowMs: number
  }) => number | null
}

/** `factor`: so many times the usual paces, for demonstrations that come from one address. */
export function makeLimits({ factor = 1 }: { factor?: number } = {}): Limits {
  const all = meters(everything, factor)
  const classes = limitClasses.map((each) => ({ ...each, meters: meters(each, factor) }))
  const classOf = new Map<Asked, Meters>()
  const metersOf = (action: Asked): Meters => {
    const known = classOf.get(action)
    if (known !== undefined) return known
    const found = classes.find(({ actions }) => actions.test(action))?.meters ?? {}
    classOf.set(action, found)
    return found
  }
  const steady = steadyClock()
  return {
    check: ({ action, actor, address, nowMs: realMs }) => {
      const nowMs = steady(realMs)
      const own = metersOf(action)
      const counted: [Meter, string][] = []
      let longest = 0
      for (const [who, key] of keysOf(actor, address)) {
        for (const meter of [own[who], all[who]]) {
          if (meter === undefined) continue
          counted.push([meter, key])
          longest = Math.max(longest, meter.waitMs(key, nowMs))
        }
      }
      if (longest > 0) return Math.ceil(longest / 1000)
      for (const [meter, key] of counted) meter.count(key, nowMs)
      return null
    },
  }
}

/** A clock that was put back goes on from where it stood: nobody waits for it to catch up. */
function steadyClock(): (realMs: number) => number {
  let last = 0
  let ahead = 0
  return (realMs) => {
    ahead = Math.max(ahead, last - realMs)
    last = realMs + ahead
    return last
  }
}

type Meter = {
  waitMs: (key: string, nowMs: number) => number
  count: (key: string, nowMs: number) => void
}
type Meters = Partial<Record<Who, Meter>>

function meters({ paces }: Class, factor: number): Meters {
  const { address, person, organisation } = paces
  return {
    ...(address && { address: meterOf(address, factor) }),
    ...(person && { person: meterOf(person, factor) }),
    ...(organisation && { organisation: meterOf(organisation, factor) }),
  }
}

/**
 * Two generations of keys: who asks moves into the young one, and after `perMs`, when all that is
 * left in the old one has been worked off, the old one goes as a whole. So does it when the young
 * one is full: that forgives somebody, and keeps memory and time per call bounded.
 */
function meterOf({ max, perMs }: Pace, factor: number): Meter {
  const eachMs = perMs / (max * factor)
  let young = new Map<string, number>()
  let old = new Map<string, number>()
  let turnedAt = 0
  const doneAt = (key: string, nowMs: number) =>
    Math.max(young.get(key) ?? old.get(key) ?? 0, nowMs)
  return {
    waitMs: (key, nowMs) => {
      const early = doneAt(key, nowMs) + eachMs - nowMs - perMs
      return early < 1 ? 0 : early // sums of fractions of a millisecond
    },
    count: (key, nowMs) => {
      const done = doneAt(key, nowMs) + eachMs
      if (young.size >= KEYS_MAX || nowMs - turnedAt >= perMs) {
        old = young
        young = new Map()
        turnedAt = nowMs
      }
      young.set(key, done)
    },
  }
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
      return address === null ? [] : [['address', lineOf(address)]]
  }
}
