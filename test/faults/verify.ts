import { setTimeout as sleep } from 'node:timers/promises'
import type { Broken } from '@yiqi/server/kernel/audit-invariants.ts'
import { isNotDone, isUnknownOutcome } from '@yiqi/server/kernel/connect.ts'
import type { Ask } from './ask.ts'
import type { Stack } from './stack.ts'
import { nameOf, type Write } from './writes.ts'

// What must be true: after every fault, and of everything at the end. Each answers what is wrong,
// in words.

const REPLAYED_AT_ONCE = 16
const REPLAY_TRIES = 50
const REPLAY_PAUSE_MS = 100

/** The invariants of the database, as it is at this moment, under load or not. */
export function brokenInvariants(stack: Stack): Promise<Broken[]> {
  return steadily(() => stack.sql<Broken[]>`select * from broken_invariants(${new Date()})`)
}

/** Asks with the same key again: the answer must be the same, byte for byte. */
export async function replay(ask: Ask, writes: readonly Write[]): Promise<string[]> {
  const wrong: string[] = []
  const waiting = writes.filter((write) => write.state === 'done')
  const one = async () => {
    for (let write = waiting.pop(); write; write = waiting.pop()) {
      const said = await askUntilAnswered(ask, write)
      if (said !== `200 ${write.answer}`)
        wrong.push(`${nameOf(write)}: was ${brief(write.answer)}, now ${brief(said)}`)
    }
  }
  await Promise.all(Array.from({ length: REPLAYED_AT_ONCE }, one))
  return wrong
}

async function askUntilAnswered(ask: Ask, { question }: Write): Promise<string> {
  let said = ''
  for (let tries = 0; tries < REPLAY_TRIES; tries++) {
    const reply = await ask(question)
    said = 'lost' in reply ? `lost: ${reply.lost}` : `${reply.status} ${reply.text}`
    if (!('lost' in reply) && reply.status < 500) return said
    await sleep(REPLAY_PAUSE_MS)
  }
  return said
}

/** Acknowledged writes whose event is not in the log, or is there more than once. */
export async function missingEffects(stack: Stack, writes: readonly Write[]): Promise<string[]> {
  const done = writes.filter((write) => write.state === 'done')
  const bookings = done.map((write) => write.effect.bookingOf(write.answer))
  const events = done.map((write) => write.effect.event)
  const rows = await steadily(
    () => stack.sql<{ n: number; times: number }[]>`
      select w.n::integer, count(e.id)::integer as times
      from unnest(${bookings}::uuid[], ${events}::text[]) with ordinality
          as w (booking_id, event, n)
        left join events e on e.booking_id = w.booking_id and e.name = w.event
      group by w.n having count(e.id) <> 1 order by w.n`,
  )
  return rows.map(({ n, times }) => {
    const write = done[n - 1]
    return `${write ? nameOf(write) : n}: its event is there ${times} times`
  })
}

/** Everything in the database was asked for once, and what was refused did not happen. */
export async function unexplained(stack: Stack, writes: readonly Write[]): Promise<string[]> {
  const keys = writes.flatMap((write) => (write.state === 'done' ? [write.question.key] : []))
  const rows = await steadily(
    () => stack.sql<{ what: string }[]>`
      with kept as (select key, endpoint, (body::jsonb ->> 'id')::uuid as id from idempotency_keys),
      done as (select unnest(${keys}::text[]) as key)
      select format('booking %s has %s keys', b.id, count(k.key)) as what
        from bookings b left join kept k on k.id = b.id and k.endpoint = 'POST /bookings'
        group by b.id having count(k.key) <> 1
      union all
      select 'acknowledged and not kept: ' || key from done where key not in (select key from kept)
      union all
      select 'kept and not acknowledged: ' || key from kept where key not in (select key from done)`,
  )
  return rows.map((row) => row.what)
}

/** Enough of an answer to recognise it. */
export const brief = (answer: string): string => answer.slice(0, 80)

/** How many events still wait for their listeners. */
export async function waitingEvents({ sql }: Stack): Promise<number> {
  const [row] = await steadily(() => sql<{ n: number }[]>`select count(*) as n from event_queue`)
  return row?.n ?? 0
}

/** A check is asked again when the fault before it took its connection away. */
async function steadily<T>(query: () => PromiseLike<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await query()
    } catch (error) {
      if (tries >= REPLAY_TRIES || !(isNotDone(error) || isUnknownOutcome(error))) throw error
      await sleep(REPLAY_PAUSE_MS)
    }
  }
}
