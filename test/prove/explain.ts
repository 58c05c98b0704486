import type { Cast } from '../support/cast.ts'
import { overHttp } from '../support/http.ts'
import type { Violation } from './check.ts'
import type { History, Told } from './history.ts'
import { idOf } from './wishes.ts'

// Does the history explain the database? Every key that was kept was asked for; every effect has
// its key and every key its effect, once; what was acknowledged can be had again, byte for byte.

type Kept = { actorId: string; key: string; body: string }

/** Everything that the history cannot explain, and every invariant that the database broke. */
export async function explain(cast: Cast, history: History): Promise<Violation[]> {
  const kept = await cast.sql<Kept[]>`select actor_id, key, body from idempotency_keys`
  const found = await cast.sql<Violation[]>`
    select invariant, subject, detail from broken_invariants(${cast.world.clock.now()})`
  return [
    ...found,
    ...history.wrong.map((detail) => ({ invariant: 'I5', subject: 'answers', detail })),
    ...answersAndKeys(history, kept),
    ...(await effectsAndKeys(cast, history, kept)),
    ...(await answersAgain(cast, history)),
  ]
}

const nameOf = (one: { actorId: string; key: string }) => `${one.actorId} ${one.key}`
const nameOfTold = ({ person, key }: Told) => nameOf({ actorId: person.userId, key })

function answersAndKeys(history: History, kept: readonly Kept[]): Violation[] {
  const bodies = new Map(kept.map((one) => [nameOf(one), one.body]))
  const wrong = history.told.flatMap((told): (readonly [string, string])[] => {
    const name = nameOfTold(told)
    const body = bodies.get(name)
    bodies.delete(name)
    if (told.outcome === 'done' && body !== told.answer) return [[name, 'kept otherwise']]
    if (told.outcome === 'refused' && body !== undefined) return [[name, 'refused, yet kept']]
    return []
  })
  const unasked = [...bodies.keys()].map((name) => [name, 'nobody asked for this'] as const)
  return [...wrong, ...unasked].map(([subject, detail]) => ({ invariant: 'I5', subject, detail }))
}

/** Counts what people did by its events, and what they were promised by its keys. */
async function effectsAndKeys(
  cast: Cast,
  history: History,
  kept: readonly Kept[],
): Promise<Violation[]> {
  const wishes = new Map(history.told.map((told) => [nameOfTold(told), told.wish]))
  const balance = new Map<string, number>()
  const add = (effect: string, n: number) => balance.set(effect, (balance.get(effect) ?? 0) + n)
  for (const one of kept) {
    const wish = wishes.get(nameOf(one))
    if (wish) add(`${wish.event} ${one.actorId} ${wish.subject ?? idOf(JSON.parse(one.body))}`, -1)
  }
  const names = [...new Set(history.told.map(({ wish }) => wish.event))]
  const events = await cast.sql<{ name: string; actorId: string; subject: string }[]>`
    select name, actor_id, coalesce(booking_id, subject_id) as subject from events
    where actor_id is not null and name = any (${names})`
  for (const { name, actorId, subject } of events) add(`${name} ${actorId} ${subject}`, 1)
  return [...balance].flatMap(([subject, n]) =>
    n === 0 ? [] : [{ invariant: 'I5', subject, detail: `${n} effects more than promised` }],
  )
}

/** Asked again at rest, by the same key: the same bytes, and nothing but them. */
async function answersAgain(cast: Cast, history: History): Promise<Violation[]> {
  const { ask } = overHttp(cast)
  const wrong: Violation[] = []
  for (const { person, key, wish, outcome, answer } of history.told) {
    if (outcome !== 'done') continue
    const again = await ask(person, wish.method, wish.path, { key, body: wish.body })
    if (again.text !== answer)
      wrong.push({ invariant: 'I5', subject: key, detail: `${answer}, at rest ${again.text}` })
  }
  return wrong
}
