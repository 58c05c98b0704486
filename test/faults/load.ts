import { setTimeout as sleep } from 'node:timers/promises'
import type { Sql } from '@yiqi/server/kernel/connect.ts'
import type { Quote } from '@yiqi/shared/booking/endpoints.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import type { Random } from '../support/random.ts'
import type { Ask } from './ask.ts'
import type { Instrument, Person, World } from './world.ts'
import type { Effect, Write, Writer } from './writes.ts'

/** Many people who book, answer, cancel and work, until they are told to stop. */
export type Load = { stop: () => Promise<void> }

type Scene = { ask: Ask; writer: Writer; world: World; random: Random; noticeId: string }
type Slot = { instrumentId: string; startsAt: string; endsAt: string }

const HOUR_MS = 3_600_000
const QUARTER_MS = 900_000
const HOURS_AHEAD = 24 * 14
const READ_TRIES = 20
const PAUSE_MS = 120
const MODE = 'entrusted'
const SAMPLES = 1

/** The notice that everybody reads before they book. */
export async function readNotice(sql: Sql): Promise<string> {
  const [notice] = await sql<{ id: string }[]>`
    select id from notices where service_mode = ${MODE} and effective_from <= now()
    order by effective_from desc, version desc limit 1`
  return must(notice, 'a notice').id
}

export function startLoad(scene: Scene, clients: number): Load {
  let stopped = false
  const again = async (round: () => Promise<void>) => {
    while (!stopped) {
      await round()
      await sleep(scene.random.below(PAUSE_MS))
    }
  }
  const { enterpriseUsers, walkIns } = scene.world
  const everybody = Array.from({ length: clients }, (_, i) => {
    const person = must(enterpriseUsers[i], 'a user for each client')
    const walkIn = walkIns[i]
    return again(() => (walkIn ? work(scene, person, walkIn) : book(scene, person)))
  })
  return {
    stop: async () => {
      stopped = true
      await Promise.all(everybody)
    },
  }
}

/** Holds a slot of the days to come, and most often goes on with it. */
async function book(scene: Scene, person: Person): Promise<void> {
  const { random, world } = scene
  const instrument = must(random.pick(world.instruments), 'an instrument')
  const from = HOUR_MS * (Math.ceil(Date.now() / HOUR_MS) + 1 + random.below(HOURS_AHEAD))
  const slot = slotOf(instrument, from, from + HOUR_MS * (1 + random.below(3)))
  const id = await hold(scene, person, slot)
  if (id === null) return
  if (random.chance(0.15)) return cancel(scene, person, id)
  if (!(await requestSlot(scene, person, id, slot))) return cancel(scene, person, id)
  if (random.chance(0.25)) return void (await decline(scene, id))
  if (random.chance(0.2) || !(await confirm(scene, id))) return cancel(scene, person, id)
  // Not all stay, or the days to come would be full.
  if (random.chance(0.9)) await cancel(scene, person, id)
}

/** The whole service now: held, requested, confirmed, checked in, finished, agreed. */
async function work(scene: Scene, person: Person, instrument: Instrument): Promise<void> {
  const { technician } = scene.world
  const from = QUARTER_MS * Math.ceil((Date.now() + 1_000) / QUARTER_MS)
  const slot = slotOf(instrument, from, from + QUARTER_MS)
  const id = await hold(scene, person, slot)
  if (id === null) return void (await sleep(PAUSE_MS * 10))
  if (!(await requestSlot(scene, person, id, slot)) || !(await confirm(scene, id)))
    return cancel(scene, person, id)
  const started = await change(scene, technician, `POST /sessions`, {
    body: { code: instrument.code, bookingId: id },
    effect: of('session.started', id),
  })
  if (started?.state !== 'done') return cancel(scene, person, id)
  const session = `/sessions/${idIn(started.answer)}`
  await change(scene, technician, `PUT ${session}/finish`, {
    body: {
      samples: SAMPLES,
      consumables: [],
      handOver: { to: '企业', pcCleared: true, samplesReturned: true },
      noticeId: scene.noticeId,
    },
    effect: of('session.finished', id),
  })
  await change(scene, person, `PUT ${session}/agreement`, {
    body: { consentAboveQuote: true },
    effect: of('session.agreed', id),
  })
}

/** The id of the held booking; null when somebody else has the slot. */
async function hold(scene: Scene, person: Person, slot: Slot): Promise<string | null> {
  const held = await change(scene, person, 'POST /bookings', {
    body: slot,
    effect: { event: 'booking.held', bookingOf: idIn },
  })
  return held?.state === 'done' ? idIn(held.answer) : null
}

async function requestSlot(scene: Scene, person: Person, id: string, slot: Slot): Promise<boolean> {
  const { random, world, noticeId } = scene
  const quote = await readQuote(scene, person, slot)
  if (quote === null) return false
  const offer = random.chance(0.2)
    ? undefined
    : quote.vouchers.find((one) => one.programmeId === random.pick(world.programmeIds))
  const asked = await change(scene, person, `PUT /bookings/${id}/request`, {
    body: {
      serviceMode: MODE,
      samples: SAMPLES,
      purpose: '断口形貌',
      serviceDirection: '136',
      confidentiality: 'normal',
      noticeId,
      programmeId: offer?.shareFen ? offer.programmeId : null,
      expected: { totalFen: quote.price.totalFen, voucherFen: offer?.shareFen ?? 0 },
    },
    effect: of('booking.requested', id),
  })
  return asked?.state === 'done'
}

async function confirm(scene: Scene, id: string): Promise<boolean> {
  const confirmed = await change(
    scene,
    scene.world.technician,
    `PUT /bookings/${id}/confirmation`,
    {
      body: { noticeId: scene.noticeId },
      effect: of('booking.confirmed', id),
    },
  )
  return confirmed?.state === 'done'
}

function decline(scene: Scene, id: string): Promise<Write | null> {
  return change(scene, scene.world.technician, `PUT /bookings/${id}/refusal`, {
    body: { reason: 'other' },
    effect: of('booking.declined', id),
  })
}

async function cancel(scene: Scene, person: Person, id: string): Promise<void> {
  await change(scene, person, `PUT /bookings/${id}/cancellation`, {
    body: {},
    effect: of('booking.cancelled', id),
  })
}

/**
 * One write, now and then sent twice at once or hung up on. Who hung up comes back after a while,
 * most often: then it goes on as if nothing had been.
 */
async function change(
  scene: Scene,
  by: Person,
  endpoint: string,
  { body, effect }: { body: unknown; effect: Effect },
): Promise<Write | null> {
  const { random, writer } = scene
  const [method = '', path = ''] = endpoint.split(' ')
  const wanted = { by, method, path, body, effect }
  if (!random.chance(0.04)) return writer.write(wanted, { twin: random.chance(0.05) })
  const write = await writer.write(wanted, { abandonAfterMs: random.below(12) })
  if (random.chance(0.05)) return null
  await sleep(random.below(1_500))
  return writer.settle(write)
}

/** Reads have no key and are simply asked again. */
async function readQuote(scene: Scene, person: Person, slot: Slot): Promise<Quote | null> {
  const query = new URLSearchParams({ ...slot, samples: String(SAMPLES), serviceMode: MODE })
  for (let tries = 0; tries < READ_TRIES; tries++) {
    const reply = await scene.ask({ method: 'GET', path: `/quotes?${query}`, token: person.token })
    if (!('lost' in reply) && reply.status === 200) return JSON.parse(reply.text)
    await sleep(PAUSE_MS)
  }
  return null
}

const of = (event: string, id: string): Effect => ({ event, bookingOf: () => id })

function idIn(answer: string): string {
  const { id }: { id: string } = JSON.parse(answer)
  return id
}

function slotOf({ id }: Instrument, from: number, to: number): Slot {
  return {
    instrumentId: id,
    startsAt: new Date(from).toISOString(),
    endsAt: new Date(to).toISOString(),
  }
}
