import { chmodSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { newRandom, type Random } from '../support/random.ts'
import { type Fault, faults, makeDeck } from './faults.ts'
import { readNotice, startLoad } from './load.ts'
import { type Stack, startStack, waitUntil } from './stack.ts'
import { brokenInvariants, missingEffects, replay, unexplained, waitingEvents } from './verify.ts'
import { makeWorld } from './world.ts'
import { type Book, makeWriter, type Write, type Writer } from './writes.ts'

export type SuiteOptions = {
  dataDir: string
  seconds: number
  seed: number
  faultsMin: number
  clients: number
  /** Kinds of faults besides the usual. */
  more?: readonly Fault[]
  log: (line: string) => void
  /** Whether to end early: what happened until then is judged all the same. */
  isStopped?: () => boolean
}

/** What one fault did: milliseconds until the server was ready, and until it acknowledged. */
export type Round = {
  fault: string
  readyMs: number | null
  acknowledgedMs: number | null
  unavailable: number
  broken: number
}

export type Outcome = {
  seconds: number
  rounds: Round[]
  book: Book
  /** Milliseconds from the end of the load until no event waited any more. */
  restMs: number | null
  replayed: number
  /** Acknowledged, and at the end answered otherwise or without their effect. */
  lost: number
  /** Everything that is not as it was promised; nothing when all is well. */
  wrong: string[]
}

const RECOVERED_WITHIN_MS = 60_000
const REST_WITHIN_MS = 60_000
const LATEST_REPLAYED = 20
const OTHERS_REPLAYED = 10
const SHOWN_OF_A_KIND = 5

/** A folder that the next run of the tests removes, should this process be killed. */
export function makeDataDir(): string {
  const folder = mkdtempSync(path.join(tmpdir(), `yiqi-test-${process.pid}-faults-`))
  chmodSync(folder, 0o755)
  return folder
}

/** Breaks the product for some time while people work on it, and says what did not hold. */
export async function runFaults(options: SuiteOptions): Promise<Outcome> {
  const stack = await startStack(options.dataDir)
  try {
    const random = newRandom(options.seed)
    const world = await makeWorld(stack.sql)
    const run = `faults-${options.seed}`
    const ofTheLoad = newRandom(options.seed + 1)
    const writer = makeWriter(stack.ask, ofTheLoad, run)
    const noticeId = await readNotice(stack.sql)
    const scene = { ask: stack.ask, writer, world, random: ofTheLoad, noticeId }
    const load = startLoad(scene, options.clients)
    const started = performance.now()
    const wrong: string[] = []
    const rounds: Round[] = []
    const next = makeDeck(random, [...faults, ...(options.more ?? [])])
    const seconds = () => (performance.now() - started) / 1000
    while (seconds() < options.seconds || rounds.length < options.faultsMin) {
      await sleep(200 + random.below(600))
      rounds.push(await inflict(stack, writer.book, next(), { random, wrong }))
      const { fault, readyMs, acknowledgedMs } = rounds.at(-1) ?? {}
      options.log(
        `${seconds().toFixed(1)} s  ${fault}: ${round(readyMs)}, ${round(acknowledgedMs)}`,
      )
      if (acknowledgedMs === null || stack.serverGaveUp() || options.isStopped?.()) break
    }
    const lasted = seconds()
    await load.stop()
    const end = await conclude(stack, writer, wrong)
    const deaths = rounds.filter(({ fault }) => fault === 'kill -9 server').length
    if (stack.serverDeaths() !== deaths)
      wrong.push(`the server ended ${stack.serverDeaths()} times and was killed ${deaths} times`)
    return { seconds: lasted, rounds, book: writer.book, wrong, ...end }
  } finally {
    await stack.stop()
  }
}

/** One fault, its recovery, and what can be checked while the load goes on. */
async function inflict(
  stack: Stack,
  book: Book,
  fault: Fault,
  { random, wrong }: { random: Random; wrong: string[] },
): Promise<Round> {
  const { unavailable } = book
  await fault.inflict(stack, random)
  const over = performance.now()
  const readyMs = await waitUntil(stack.isReady, RECOVERED_WITHIN_MS)
  const isAcknowledging = async () => book.lastBegun > over
  const waitedMs = await waitUntil(isAcknowledging, RECOVERED_WITHIN_MS)
  const acknowledgedMs = waitedMs === null ? null : performance.now() - over
  if (acknowledgedMs === null) wrong.push(`${fault.name}: nothing was acknowledged after it`)
  const broken = await brokenInvariants(stack)
  const atRisk = sample(book.writes, random)
  const found = [
    ...broken.map((one) => `${one.invariant} ${one.subject}: ${one.detail}`),
    ...(await replay(stack.ask, atRisk)),
    ...(await missingEffects(stack, atRisk)),
  ]
  for (const one of found.slice(0, SHOWN_OF_A_KIND)) wrong.push(`${fault.name}: ${one}`)
  return {
    fault: fault.name,
    readyMs,
    acknowledgedMs,
    unavailable: book.unavailable - unavailable,
    broken: broken.length,
  }
}

/** The load has ended: everything comes to rest, and all that was acknowledged is looked at. */
async function conclude(
  stack: Stack,
  writer: Writer,
  wrong: string[],
): Promise<Pick<Outcome, 'restMs' | 'replayed' | 'lost'>> {
  const { book } = writer
  const tell = (what: string, found: readonly string[]) => {
    for (const one of found.slice(0, SHOWN_OF_A_KIND)) wrong.push(`${what}: ${one}`)
    if (found.length > SHOWN_OF_A_KIND) wrong.push(`${what}: ${found.length} in all`)
  }
  const isAtRest = async () => (await waitingEvents(stack)) === 0
  for (const write of book.writes) if (write.state === 'open') await writer.settle(write)
  const restMs = await waitUntil(isAtRest, REST_WITHIN_MS)
  if (restMs === null) wrong.push('a minute after the end events still wait')
  const done = book.writes.filter((write) => write.state === 'done')
  const lost = [...(await replay(stack.ask, done)), ...(await missingEffects(stack, done))]
  tell('lost', lost)
  tell('unexplained', await unexplained(stack, book.writes))
  tell(
    'broken at the end',
    (await brokenInvariants(stack)).map((one) => `${one.invariant} ${one.subject}: ${one.detail}`),
  )
  tell('a changed answer', book.changed)
  tell('an answer that is a bug', book.bugs)
  tell('never finished', book.unfinished)
  if (book.hung > 0) wrong.push(`${book.hung} requests hung`)
  return { restMs, replayed: done.length, lost: lost.length }
}

/** The latest acknowledged, which are most at risk, and some others. */
function sample(writes: readonly Write[], random: Random): Write[] {
  const done = writes.filter((write) => write.state === 'done')
  const latest = done.toSorted((a, b) => b.acknowledgedAt - a.acknowledgedAt)
  return [
    ...new Set([
      ...latest.slice(0, LATEST_REPLAYED),
      ...random.shuffled(latest).slice(0, OTHERS_REPLAYED),
    ]),
  ]
}

function round(ms: number | null | undefined): string {
  return ms == null ? 'never' : `${Math.round(ms)} ms`
}
