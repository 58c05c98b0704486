import { lapseBookings } from '@yiqi/server/booking/lapse-bookings.ts'
import { connect, isNotDone, isUnknownOutcome } from '@yiqi/server/kernel/connect.ts'
import { transact } from '@yiqi/server/kernel/ctx.ts'
import { currentNotice } from '@yiqi/server/notice/queries.ts'
import { deliverAll, jobCtx } from '@yiqi/server/worker.ts'
import { MINUTE_MS } from '@yiqi/shared/kernel/time.ts'
import type { Cast, Person } from '../support/cast.ts'
import { type Answer, type Ask, overHttp } from '../support/http.ts'
import { newRandom, type Random } from '../support/random.ts'
import { nextWish, type Wish } from './wishes.ts'

// Many people at once over the real application and the real database, while connections are cut.
// Every call is written down: what was asked, by which key, and what came of it.

export type Outcome = 'done' | 'refused' | 'unknown'
export type Told = {
  person: Person
  key: string
  wish: Wish
  outcome: Outcome
  /** The code of a refusal, or the bytes of an answer. */
  answer: string
}
export type History = {
  told: Told[]
  sent: number
  retries: number
  repeats: number
  abandoned: number
  cut: number
  codes: Map<string, number>
  /** What may never be answered: a bug, other bytes for the same key. */
  wrong: string[]
}

export type HistoryOptions = { seed: number; clients: number; seconds: number }

const CUT_EVERY_MS = 100
const TRIES_MAX = 12
const WAIT_MS = 15
const CLOCK_STEP_MS = 40_000
const CHANCE = { sentTwice: 0.1, repeated: 0.2, abandoned: 0.06, givenUp: 0.2 }
const forLater = ['kernel.outcome_unknown', 'kernel.busy', 'kernel.in_progress']

type Recorder = {
  cast: Cast
  ask: Ask
  noticeId: string
  history: History
  random: Random
  now: Date
  until: number
  /** Calls that nobody waits for. */
  astray: Promise<unknown>[]
}

/** Records for so long, then lets everything come to rest. */
export async function recordHistory(cast: Cast, options: HistoryOptions): Promise<History> {
  const history: History = {
    ...{ told: [], sent: 0, retries: 0, repeats: 0, abandoned: 0, cut: 0 },
    ...{ codes: new Map(), wrong: [] },
  }
  const r: Recorder = {
    ...{ cast, ask: overHttp(cast).ask, history },
    random: newRandom(options.seed),
    noticeId: (await currentNotice(cast.ctx(cast.people.xiaojin), 'entrusted')).id,
    ...{
      now: cast.world.clock.now(),
      until: performance.now() + options.seconds * 1000,
      astray: [],
    },
  }
  const { xiaojin, admin, stranger, hao, manager, finance } = cast.people
  const askers = [xiaojin, admin, stranger, hao, manager, finance]
  const scissors = cutConnections(r)
  await Promise.all(
    Array.from({ length: options.clients }, (_, i) => {
      const person = askers[i % askers.length]
      return person === undefined ? null : beClient(r, person, i)
    }).concat(beWorker(r)),
  )
  await Promise.all(r.astray)
  await scissors.stop()
  await comeToRest(r)
  return history
}

async function beClient(r: Recorder, person: Person, nth: number): Promise<void> {
  for (let i = 0; performance.now() < r.until; i++) {
    r.now = new Date(r.now.getTime() + r.random.below(CLOCK_STEP_MS))
    r.cast.setNow(r.now)
    const wish = await nextWish(r.cast, person, r.noticeId, r.random).catch(onlyLost)
    if (wish) {
      await call(r, person, wish, `history-${nth}-${i}`)
    } else await pause(WAIT_MS)
  }
}

/** Asks until it is known what came of it, or somebody loses patience. */
async function call(r: Recorder, person: Person, wish: Wish, key: string): Promise<void> {
  const { random, history } = r
  const send = () => {
    history.sent++
    const { method, path, body } = wish
    return r.ask(person, method, path, { key, body })
  }
  const tell = (outcome: Outcome, answer: string) =>
    history.told.push({ person, key, wish, outcome, answer })
  if (random.chance(CHANCE.abandoned)) {
    history.abandoned++
    r.astray.push(send())
    tell('unknown', 'abandoned')
    return
  }
  const twice = random.chance(CHANCE.sentTwice)
  if (twice) r.astray.push(send())
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const answer = await send()
    const code = codeOf(answer)
    count(history.codes, code)
    if (answer.status === 200) {
      tell('done', answer.text)
      if (random.chance(CHANCE.repeated)) await repeat(r, send, key, answer.text)
      return
    }
    if (!forLater.includes(code)) {
      if (answer.status >= 500) history.wrong.push(`${key} ${wish.path}: ${answer.text}`)
      // The other copy of a call sent twice may still be done.
      tell(twice ? 'unknown' : 'refused', code)
      return
    }
    if (code === 'kernel.outcome_unknown' && random.chance(CHANCE.givenUp)) break
    history.retries++
    await pause(WAIT_MS)
  }
  tell('unknown', 'given up')
}

/** The same key must be answered with the same bytes. */
async function repeat(
  r: Recorder,
  send: () => Promise<Answer>,
  key: string,
  text: string,
): Promise<void> {
  const again = await send()
  r.history.repeats++
  if (again.status === 200 ? again.text !== text : !forLater.includes(codeOf(again)))
    r.history.wrong.push(`${key} was answered ${text}, then ${again.text}`)
}

/** Lapses and deliveries, again and again, as the worker does; a lost connection is tried anew. */
async function beWorker(r: Recorder): Promise<void> {
  while (performance.now() < r.until) {
    await work(r).catch(onlyLost)
    await pause(4 * WAIT_MS)
  }
}

async function work(r: Recorder): Promise<void> {
  await transact(jobCtx(r.cast.world, 'lapse-bookings'), lapseBookings)
  await deliverAll(r.cast.world)
}

/** Ends one of the application's connections every so often, one at work if there is one. */
function cutConnections(r: Recorder): { stop: () => Promise<void> } {
  const scissors = connect(r.cast.url, { max: 1, statementTimeoutMs: 0, deadlineMs: 0 })
  let stopped = false
  const cutting = (async () => {
    while (!stopped) {
      const cut = await scissors`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()
        order by (state = 'active' and query ilike 'commit%') desc, xact_start is null, random()
        limit 1`
      r.history.cut += cut.length
      await pause(CUT_EVERY_MS)
    }
  })()
  return {
    stop: async () => {
      stopped = true
      await cutting
      await scissors.end({ timeout: 5 })
    },
  }
}

/** All holds run out, all that is due lapses, all events are delivered. */
async function comeToRest(r: Recorder): Promise<void> {
  r.cast.setNow(new Date(r.now.getTime() + 11 * MINUTE_MS))
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const rested = await work(r).then(() => true, onlyLost)
    if (rested) return
  }
  r.history.wrong.push('the worker did not come to rest')
}

/** A connection that was cut leaves null; anything else is a bug. */
function onlyLost(error: unknown): null {
  if (isNotDone(error) || isUnknownOutcome(error)) return null
  throw error
}

function codeOf(answer: Answer): string {
  const { body } = answer
  if (answer.status === 200) return 'done'
  return typeof body === 'object' && body !== null && 'code' in body ? String(body.code) : 'no code'
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function count(counts: Map<string, number>, word: string): void {
  counts.set(word, (counts.get(word) ?? 0) + 1)
}
