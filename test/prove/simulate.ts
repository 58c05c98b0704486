import { DAY_MS, MINUTE_MS } from '@yiqi/shared/kernel/time.ts'
import { newRandom, type Random } from '../support/random.ts'
import { checkAtRest, checkCommit, type Told, type Violation } from './check.ts'
import { chooseAct } from './choose.ts'
import { type Answer, type Request, serve, work } from './serve.ts'
import type { Bug, Steps, Store, Tx } from './store.ts'
import { openedStore, type Person, people, START } from './world.ts'

// Clients and workers over the store, cut at every await and put in an order that only the seed
// decides. Processes die, answers are lost, requests arrive twice, people give up, time leaps.

export const STEPS_PER_SEED = 2_000
const QUOTA_FEN = 90_000
const TICK_MS = 4_000
const WORK_EVERY_MS = 1_000
const REST_ROUNDS = 60
const CHANCE = {
  serverDies: 1 / 700,
  connectionDies: 1 / 100,
  clockTicks: 1 / 20,
  timeLeaps: 1 / 250,
  sentTwice: 1 / 20,
  sentAgain: 1 / 100,
  givenUp: 1 / 6,
}

export type Run = {
  seed: number
  steps: number
  commits: number
  crashes: number
  retries: number
  deadlocks: number
  outcomes: Record<Told['outcome'], number>
  /** How often each event happened. */
  events: Map<string, number>
  violations: Violation[]
}

/** A request on its way, in one or more copies. */
type Asking = { request: Request; copies: number; lost: boolean; answer: Answer | null }
type Client = { who: Person; asking: Asking | null }
type Process = { steps: Steps<Answer | undefined>; waitsFor: Tx | null; asking: Asking | null }

type Simulation = {
  run: Run
  random: Random
  store: Store
  now: Date
  processes: Process[]
  clients: Client[]
  workAt: number
  told: Told[]
  resting: boolean
}

/** Runs one seed until all is at rest. The same arguments give the same run, step by step. */
export function simulate(seed: number, bug: Bug | null = null, steps = STEPS_PER_SEED): Run {
  const store = openedStore(QUOTA_FEN, bug)
  const run: Run = {
    ...{ seed, steps: 0, commits: 0, crashes: 0, retries: 0, deadlocks: 0 },
    ...{ outcomes: { done: 0, refused: 0, unknown: 0 }, events: new Map() },
    violations: [],
  }
  const s: Simulation = {
    ...{ run, random: newRandom(seed), store, now: START, processes: [] },
    ...{ clients: people.map((who) => ({ who, asking: null })), workAt: 0, told: [] },
    resting: false,
  }
  store.watch = (tx) => {
    run.commits++
    run.violations.push(...checkCommit(tx))
  }
  while (run.steps < steps && run.violations.length === 0) {
    disturb(s)
    advance(s)
  }
  if (run.violations.length === 0) comeToRest(s)
  run.deadlocks = store.deadlocks
  for (const event of store.rows.event.values()) count(run.events, event?.name ?? '')
  return run
}

/** Time passes or leaps; a connection is lost, or the server dies with all its work. */
function disturb(s: Simulation): void {
  const { random } = s
  if (random.chance(CHANCE.clockTicks)) s.now = new Date(s.now.getTime() + random.below(TICK_MS))
  if (random.chance(CHANCE.timeLeaps)) s.now = leap(s)
  if (random.chance(CHANCE.connectionDies)) kill(s, random.below(s.processes.length))
  if (random.chance(CHANCE.serverDies)) while (s.processes.length > 0) kill(s, 0)
}

function kill(s: Simulation, nth: number): void {
  const [process] = s.processes.splice(nth, 1)
  if (process === undefined) return
  s.run.crashes++
  process.steps.return({ code: 'kernel.outcome_unknown' })
  if (process.asking === null) return
  process.asking.copies--
  process.asking.lost = true
}

/** To the very moment when something falls due, just before it, or by some minutes or days. */
function leap(s: Simulation): Date {
  const { random, store, now } = s
  if (random.chance(0.04)) return new Date(now.getTime() + 6 * DAY_MS)
  const due: number[] = []
  for (const booking of store.rows.booking.values()) {
    if (booking?.state === 'held' && random.chance(0.2)) due.push(booking.holdExpiresAt.getTime())
    if (booking?.state === 'requested') due.push(booking.startsAt.getTime())
    if (booking?.state === 'confirmed') due.push(booking.startsAt.getTime())
    if (booking?.state === 'running') due.push(booking.endsAt.getTime())
  }
  const next = random.pick(due.filter((at) => at > now.getTime()))
  if (next === undefined || random.chance(0.3))
    return new Date(now.getTime() + random.below(40) * MINUTE_MS)
  return new Date(Math.max(now.getTime(), next - random.below(2)))
}

/** One of all who could do something does one step. */
function advance(s: Simulation): void {
  const nth = s.random.below(s.processes.length + s.clients.length + 1)
  const process = s.processes[nth]
  const client = s.clients[nth - s.processes.length]
  if (process !== undefined) stepOn(s, process)
  else if (client !== undefined) decide(s, client)
  else if (s.now.getTime() >= s.workAt) startWork(s)
}

function startWork(s: Simulation): void {
  s.workAt = s.now.getTime() + WORK_EVERY_MS
  s.processes.push({ steps: work(s.store, () => s.now), waitsFor: null, asking: null })
}

function stepOn(s: Simulation, process: Process): void {
  if (process.waitsFor !== null && !process.waitsFor.over) return
  s.run.steps++
  const step = process.steps.next()
  if (!step.done) {
    process.waitsFor = step.value
    return
  }
  s.processes.splice(s.processes.indexOf(process), 1)
  if (process.asking === null || !step.value) return
  process.asking.copies--
  if (process.asking.answer?.code !== 'done') process.asking.answer = step.value
}

/** A person asks, waits, asks again by the same key, gives up, or reads the answer. */
function decide(s: Simulation, client: Client): void {
  const { random } = s
  const { asking } = client
  if (asking === null) {
    if (!s.resting) ask(s, client)
  } else if (asking.answer?.code === 'done') {
    tell(s, client, asking, 'done')
  } else if (asking.copies > 0) {
    if (random.chance(CHANCE.sentAgain)) send(s, asking)
  } else if (asking.lost || asking.answer === null || isForLater(asking.answer)) {
    // A copy that was lost may have had its effect, whatever another one was answered.
    s.run.retries++
    if (asking.lost && !s.resting && random.chance(CHANCE.givenUp))
      tell(s, client, asking, 'unknown')
    else {
      asking.lost = false
      send(s, asking)
    }
  } else tell(s, client, asking, 'refused')
}

const isForLater = (answer: Answer) => ['kernel.in_progress', 'kernel.busy'].includes(answer.code)

function ask(s: Simulation, client: Client): void {
  const act = chooseAct(s.store, client.who, s.random, s.now)
  if (act === null) return
  const request = { key: `key ${++s.store.drawn}`, who: client.who, act }
  const asking: Asking = { request, copies: 0, lost: false, answer: null }
  client.asking = asking
  send(s, asking)
  if (s.random.chance(CHANCE.sentTwice)) send(s, asking)
}

function send(s: Simulation, asking: Asking): void {
  s.run.steps++
  asking.answer = null
  asking.copies++
  s.processes.push({ steps: serve(s.store, asking.request, () => s.now), waitsFor: null, asking })
}

function tell(s: Simulation, client: Client, asking: Asking, outcome: Told['outcome']): void {
  const { answer, request } = asking
  s.run.outcomes[outcome]++
  const body = answer !== null && 'body' in answer ? answer.body : null
  s.told.push({ request, outcome, body })
  client.asking = null
}

/** No new wishes and no more faults: what is open is answered, then the worker has its minute. */
function comeToRest(s: Simulation): void {
  s.resting = true
  while (s.processes.length > 0 || s.clients.some((client) => client.asking !== null)) advance(s)
  for (let round = 0; round < REST_ROUNDS; round++) {
    s.now = new Date(s.now.getTime() + WORK_EVERY_MS)
    startWork(s)
    for (const process of s.processes) while (s.processes.includes(process)) stepOn(s, process)
  }
  if (s.run.violations.length === 0) s.run.violations.push(...checkAtRest(s.store, s.told, s.now))
}

function count(counts: Map<string, number>, word: string): void {
  counts.set(word, (counts.get(word) ?? 0) + 1)
}
