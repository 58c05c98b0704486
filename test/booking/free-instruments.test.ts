import { declareOutage } from '@yiqi/server/booking/declare-outage.ts'
import { listFreeInstruments } from '@yiqi/server/booking/free-instruments.ts'
import { holdSlot } from '@yiqi/server/booking/hold-slot.ts'
import { getWeek } from '@yiqi/server/booking/week.ts'
import { transact } from '@yiqi/server/kernel/ctx.ts'
import type { FreeInstrument } from '@yiqi/shared/booking/endpoints.ts'
import type { BookingTerms, Segment } from '@yiqi/shared/booking/rules.ts'
import { HOLD_MINUTES } from '@yiqi/shared/booking/terms.ts'
import { Refusal } from '@yiqi/shared/kernel/refusals.ts'
import { addMinutes, dateOf, type Slot } from '@yiqi/shared/kernel/time.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { act, at, expectSound, outcome, requested, slotInput } from '../support/act.ts'
import { type Cast, newCast, START } from '../support/cast.ts'
import { overHttp, refusedWith } from '../support/http.ts'

const LUNCH = [
  [510, 720],
  [840, 1080],
] as const
const ALWAYS = [[0, 1440]] as const
const TRIES = 80

let cast: Cast
let institutionId: string
const bookable: string[] = []
beforeAll(async () => {
  cast = await newCast()
  institutionId = cast.people.otherTechnician.organisationId
  bookable.push(cast.instrumentId, cast.secondInstrumentId)
  const terms = [
    { day: LUNCH, every: 30, min: 60, max: 240, lead: 0, horizon: 14, buffer: 30 },
    { day: LUNCH, every: 90, min: 90, max: 480, lead: 1440, horizon: 3, buffer: 15 },
    { day: ALWAYS, every: 30, min: 30, max: 1440, lead: 60, horizon: 30, buffer: 0 },
    { day: ALWAYS, every: 60, min: 60, max: 480, lead: 60, horizon: 14, buffer: 60 },
  ]
  for (const [i, each] of terms.entries()) {
    const id = await addInstrument(i, i === 0 ? null : 10_000 - 1_000 * i)
    await open(id, each)
    bookable.push(id)
  }
  await addInstrument(9, 100)
  await occupy()
})
afterAll(async () => {
  await expectSound(cast)
  await cast.drop()
})

type Terms = {
  day: readonly Segment[]
  every: number
  min: number
  max: number
  lead: number
  horizon: number
  buffer: number
}

async function addInstrument(i: number, feePerHour: number | null): Promise<string> {
  const [row] = await cast.sql<{ id: string }[]>`
    insert into instruments (number, short_code, institution_id, inner_id, name, class_code, kind,
      imported_at)
    values (${`SX-9${i}`}, ${`FREE0${i}`}, ${institutionId}, ${`f${i}`}, ${`仪器${i}`}, '020301',
      ${i % 2 ? 'sem' : 'xrd'}, ${START}) returning id`
  const id = row?.id ?? ''
  if (feePerHour !== null)
    await cast.sql`
      insert into tariffs (instrument_id, tier, effective_from, material_fen_per_sample,
        utilities_fen_per_hour, labour_fen_per_hour, minimum_minutes)
      values (${id}, 'external', '2026-01-01', 0, ${feePerHour}, 1, 60)`
  return id
}

async function open(id: string, { day, every, min, max, lead, horizon, buffer }: Terms) {
  const weekend = day === ALWAYS ? day : []
  const week: BookingTerms['week'] = {
    weekdays: [day, day, day, day, day, weekend, weekend],
    holiday: weekend,
    adjustedWorkday: day,
  }
  await cast.sql`
    insert into open_hours (instrument_id, week, slot_minutes, min_minutes, max_minutes,
      lead_minutes, horizon_days, buffer_minutes)
    values (${id}, ${cast.sql.json(week)}, ${every}, ${min}, ${max}, ${lead}, ${horizon},
      ${buffer})`
}

/** On every instrument: an outage, holds that ran out, one that stands, a request. */
async function occupy(): Promise<void> {
  const { hao, otherTechnician, stranger } = cast.people
  await cast.sql`
    insert into instrument_technicians (instrument_id, user_id)
    select id, ${otherTechnician.userId} from instruments where institution_id = ${institutionId}`
  for (const [i, id] of bookable.entries()) {
    const technician = i < 2 ? hao : otherTechnician
    const fault = { kind: 'fault' as const, note: '灯丝更换' }
    await act(cast.ctx(technician), declareOutage, {
      ...slotInput(id, at(26, 11), at(26, 15, 10)),
      ...fault,
    })
  }
  const bufferless = bookable.filter((_, i) => i !== 3)
  cast.setNow(addMinutes(START, -HOLD_MINUTES))
  for (const id of bufferless.slice(0, 5))
    await act(cast.ctx(stranger), holdSlot, slotInput(id, at(25, 10), at(25, 11)))
  cast.setNow(START)
  for (const id of bufferless.slice(0, 5))
    await act(cast.ctx(stranger), holdSlot, slotInput(id, at(25, 15), at(25, 17)))
  for (const instrumentId of bufferless)
    if (instrumentId !== bookable[2])
      await requested(cast, { instrumentId, from: at(27, 9), to: at(27, 11), programmeId: null })
}

const free = (slot: Slot, more: object = {}) =>
  listFreeInstruments(cast.ctx(null), {
    startsAt: slot.startsAt.toISOString(),
    endsAt: slot.endsAt.toISOString(),
    limit: 200,
    ...more,
  })

const idsOf = (rows: readonly FreeInstrument[]) => rows.map((row) => row.instrumentId).sort()

/** What holding the slot would answer; it is undone. */
async function holding(id: string, slot: Slot): Promise<string> {
  const undone = new Error('undone')
  const trial = transact(cast.ctx(cast.people.xiaojin), async (tx) => {
    await holdSlot(tx, slotInput(id, slot.startsAt, slot.endsAt))
    throw undone
  })
  return outcome(trial).catch((error: unknown) => {
    if (error === undone) return 'done'
    throw error
  })
}

/** Whether every cell of the instrument that the slot touches is free. */
async function cellsFree(instrumentId: string, slot: Slot): Promise<boolean> {
  const week = await getWeek(cast.ctx(null), { instrumentId, from: dateOf(slot.startsAt), days: 2 })
  const [from, to] = [slot.startsAt.toISOString(), slot.endsAt.toISOString()]
  return week.days
    .flatMap((day) => day.cells)
    .filter((cell) => cell.startsAt < to && from < cell.endsAt)
    .every((cell) => cell.state === 'free')
}

/** Times of the coming week, most of them on somebody's grid; the same in every run. */
function times(): Slot[] {
  let state = 20_261_124
  const below = (n: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return Math.floor((state / 2 ** 32) * n)
  }
  return Array.from({ length: TRIES }, () => {
    const day = 24 + below(6)
    const startsAt = at(day, below(3) === 0 ? below(24) : 9 + below(9), 30 * below(2))
    const odd = below(8) === 0 ? 10 : 0
    return { startsAt, endsAt: addMinutes(startsAt, 30 * (1 + below(6)) + odd) }
  }).filter((slot) => slot.startsAt > START)
}

describe('an instrument is free over a time', () => {
  it('exactly when holding it succeeds, and then its cells say so', async () => {
    const seen = { free: 0, taken: 0, ruled: 0 }
    for (const slot of times()) {
      const listed = await free(slot)
      const answers = await Promise.all(bookable.map((id) => holding(id, slot)))
      const held = bookable.filter((_, i) => answers[i] === 'done')
      expect(idsOf(listed.rows), JSON.stringify(slot)).toEqual([...held].sort())
      expect(listed).toMatchObject({ total: held.length, considered: bookable.length + 1 })
      for (const [i, id] of bookable.entries()) {
        if (answers[i] !== 'done' && answers[i] !== 'booking.slot_taken') seen.ruled++
        else expect(await cellsFree(id, slot), `${i} ${slot.startsAt}`).toBe(answers[i] === 'done')
        if (answers[i] === 'done') seen.free++
        if (answers[i] === 'booking.slot_taken') seen.taken++
      }
    }
    // All three kinds of answer occurred often enough to mean something.
    expect(Math.min(seen.free, seen.taken, seen.ruled), JSON.stringify(seen)).toBeGreaterThan(20)
  })

  it('once a hold on it has run out, whoever held it', async () => {
    const slot = { startsAt: at(25, 15), endsAt: at(25, 17) }
    expect(idsOf((await free(slot)).rows)).not.toContain(cast.instrumentId)
    cast.setNow(addMinutes(START, HOLD_MINUTES))
    expect(idsOf((await free(slot)).rows)).toContain(cast.instrumentId)
    cast.setNow(START)
  })

  it('only if the buffer behind it does not reach into an outage', async () => {
    const slot = { startsAt: at(26, 10), endsAt: at(26, 11) }
    const [, , buffered = '', , unbuffered = ''] = bookable
    const rows = idsOf((await free(slot)).rows)
    expect(rows).not.toContain(buffered)
    expect(await cellsFree(buffered, slot)).toBe(false)
    expect(rows).toContain(unbuffered)
    expect(await cellsFree(unbuffered, slot)).toBe(true)
  })
})

describe('the list', () => {
  const slot = { startsAt: at(30, 10), endsAt: at(30, 12) }

  it('is cheapest first, without a price last, and its pages are the whole', async () => {
    const whole = await free(slot)
    expect(whole.rows.map((row) => row.pricePerHourFen)).toEqual([7001, 8001, 40_000, 40_000, null])
    const rows: FreeInstrument[] = []
    let cursor: string | undefined
    do {
      const page = await free(slot, { limit: 2, cursor })
      expect(page.total).toBe(5)
      rows.push(...page.rows)
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined && rows.length < 10)
    expect(rows).toEqual(whole.rows)
  })

  it.each([
    [{ kind: 'sem' }, 1, 3],
    [{ classCode: '02' }, 3, 5],
    [{ classCode: '010000' }, 2, 2],
    [{ cityCode: '140100' }, 2, 2],
    [{ kind: 'no-such-kind' }, 0, 0],
  ])('is narrowed by %o', async (more, total, considered) => {
    expect(await free(slot, more)).toMatchObject({ total, considered })
  })

  it('is narrowed by institution', async () => {
    const { rows, considered } = await free(slot, { institutionId })
    expect(considered).toBe(5)
    expect(rows.map((row) => row.institution.id)).toEqual([
      institutionId,
      institutionId,
      institutionId,
    ])
  })

  it.each([
    [at(25, 12), at(25, 12), 'booking.slot_malformed', 'endsAt'],
    [at(24, 9), at(24, 11), 'booking.slot_in_past', 'startsAt'],
    [
      new Date('2099-12-31T23:00:00Z'),
      new Date('2099-12-31T23:59:00Z'),
      'booking.slot_too_far',
      'startsAt',
    ],
    [at(25, 9), new Date('2099-12-31T23:59:00Z'), 'booking.slot_too_far', 'endsAt'],
  ])('refuses %s–%s as %s, naming the field', async (from, to, code, path) => {
    const query = `startsAt=${from.toISOString()}&endsAt=${to.toISOString()}`
    const body = refusedWith(await overHttp(cast).ask(null, 'GET', `/free-instruments?${query}`))
    expect(body).toMatchObject({ code, issues: [{ path }] })
  })

  it.each([[['x', 'y']], [['1', '---']], [['1']], [['1.5', 'a']]])(
    'refuses a cursor that is not its own: %j',
    async (parts) => {
      const cursor = Buffer.from(JSON.stringify(parts)).toString('base64url')
      await expect(free(slot, { cursor })).rejects.toThrow(new Refusal('kernel.cursor_malformed'))
    },
  )
})
