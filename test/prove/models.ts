import {
  type BookingTerms,
  cellsOf,
  freeSlots,
  type Occupancy,
  type Segment,
  whyNotHold,
} from '@yiqi/shared/booking/rules.ts'
import { priceUse } from '@yiqi/shared/charging/rules.ts'
import { permilleOf, ratePerHour } from '@yiqi/shared/kernel/money.ts'
import { addDays, addMinutes, dateOf, instantAt, overlaps } from '@yiqi/shared/kernel/time.ts'
import { addWorkingDays, type Calendar, isWorkingDay } from '@yiqi/shared/kernel/working-days.ts'
import { minutesOf, settle } from '@yiqi/shared/session/rules.ts'
import { segments } from '@yiqi/shared/session/terms.ts'
import { splitFunders, voucherShare } from '@yiqi/shared/voucher/rules.ts'
import fc from 'fast-check'
import {
  naiveCells,
  naiveFloor,
  naiveReason,
  naiveRuns,
  naiveWorkingDays,
  slotsAsSpans,
} from './naive.ts'

// The pure rules of `shared` against the slow way of saying the same.

export type Model = {
  name: string
  run: (options: { seed: number; numRuns: number }) => void
}

const DAY = '2026-11-24'
const now = instantAt(DAY, 540)

/** At most two open segments a day, which may touch each other, midnight and the next day. */
const segmentsArb: fc.Arbitrary<Segment[]> = fc
  .array(fc.integer({ min: 0, max: 48 }), { minLength: 4, maxLength: 4 })
  .map((halves) => {
    const [a = 0, b = 0, c = 0, d = 0] = halves.map((half) => half * 30).sort((x, y) => x - y)
    const two: Segment[] = [
      [a, b],
      [c, d],
    ]
    return two.filter(([start, end]) => start < end)
  })

const termsArb: fc.Arbitrary<BookingTerms> = fc.record({
  week: fc.record({
    weekdays: fc.array(segmentsArb, { minLength: 7, maxLength: 7 }),
    holiday: segmentsArb,
    adjustedWorkday: segmentsArb,
  }),
  slotMinutes: fc.constantFrom(15, 30, 45, 60),
  minMinutes: fc.constantFrom(15, 30, 60, 120),
  maxMinutes: fc.constantFrom(120, 240, 480, 1440),
  leadMinutes: fc.constantFrom(0, 30, 60, 1440),
  horizonDays: fc.integer({ min: 0, max: 4 }),
  bufferMinutes: fc.constantFrom(0, 15, 30),
})

const calendarArb: fc.Arbitrary<Calendar> = fc.dictionary(
  fc.integer({ min: -1, max: 20 }).map((days) => addDays(DAY, days)),
  fc.constantFrom('holiday', 'adjusted-workday'),
  { maxKeys: 4 },
)

/** Whole minutes from midnight of the first day; often on the quarter. */
const minuteArb = (days: number) =>
  fc.oneof(
    fc.integer({ min: 0, max: days * 96 }).map((quarter) => quarter * 15),
    fc.integer({ min: 0, max: days * 1440 }),
  )
const instantArb = minuteArb(5).map((minute) => addMinutes(instantAt(DAY, 0), minute))
const slotArb = fc
  .tuple(instantArb, fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: -9, max: 99 })))
  .map(([startsAt, quarters]) => ({ startsAt, endsAt: addMinutes(startsAt, quarters * 15) }))

const occupanciesArb: fc.Arbitrary<Occupancy[]> = fc.array(
  fc.record({
    occupied: fc.tuple(minuteArb(1), fc.integer({ min: 1, max: 300 })).map(([from, length]) => ({
      startsAt: addMinutes(instantAt(DAY, 0), from),
      endsAt: addMinutes(instantAt(DAY, 0), from + length),
    })),
    kind: fc.constantFrom('booking' as const, 'hold' as const, 'outage' as const),
    mine: fc.boolean(),
    note: fc.constant(null),
  }),
  { maxLength: 4 },
)

const fenArb = fc.integer({ min: 0, max: 2_000_000 })
const permilleArb = fc.integer({ min: 0, max: 1000 })
const ratesArb = fc.record({
  materialFenPerSample: fc.integer({ min: 0, max: 50_000 }),
  utilitiesFenPerHour: fc.integer({ min: 0, max: 100_000 }),
  labourFenPerHour: fc.integer({ min: 0, max: 100_000 }),
  minimumMinutes: fc.integer({ min: 0, max: 240 }),
})
const programmeArb = fc.record({
  mode: fc.constantFrom('deduct' as const, 'refund' as const),
  ratioPermille: permilleArb,
  bookingCapFen: fc.option(fenArb),
})
const useArb = fc.record({ minutes: fc.integer({ min: 0, max: 1500 }), samples: fc.nat(50) })

/** Each rule with its slow twin; a property throws where they differ. */
export const models: Model[] = [
  model('why not hold', fc.tuple(slotArb, termsArb, calendarArb), ([slot, terms, calendar]) =>
    same(whyNotHold(slot, terms, calendar, now), naiveReason(slot, terms, calendar, now)),
  ),
  model(
    'cells of a day, and the free runs in them',
    fc.tuple(termsArb, calendarArb, occupanciesArb, fc.integer({ min: 1, max: 300 })),
    ([terms, calendar, occupancies, length]) => {
      const cells = cellsOf(DAY, terms, calendar, occupancies, now)
      const naive = naiveCells(DAY, terms, calendar, occupancies, now)
      same(
        cells.map((cell) => cell.state),
        naive.map((cell) => cell.state),
      )
      same(
        slotsAsSpans(cells),
        naive.map(({ from, to }) => ({ from, to })),
      )
      same(slotsAsSpans(freeSlots(cells, length)), naiveRuns(naive, length))
    },
  ),
  model(
    'a free slot can be held',
    fc.tuple(termsArb, calendarArb, occupanciesArb),
    ([terms, calendar, occupancies]) => {
      const cells = cellsOf(DAY, terms, calendar, occupancies, now)
      for (const slot of freeSlots(cells, terms.minMinutes)) {
        const why = whyNotHold(slot, terms, calendar, now)
        same(why === 'booking.slot_too_long' ? null : why, null)
        same(
          occupancies.filter((one) => overlaps(one.occupied, slot)),
          [],
        )
      }
    },
  ),
  model('price', fc.tuple(ratesArb, useArb), ([rates, use]) => {
    const { totalFen, lines, billableMinutes } = priceUse(rates, use)
    const [, minutes = 0] = [use.minutes, rates.minimumMinutes].sort((a, b) => a - b)
    same(billableMinutes, minutes)
    const parts = [rates.utilitiesFenPerHour, rates.labourFenPerHour].map((rate) => {
      let exact = 0
      for (let i = 0; i < minutes; i++) exact += rate
      return naiveFloor((fen) => fen * 120n <= BigInt(exact) * 2n + 60n)
    })
    let material = 0
    for (let i = 0; i < use.samples; i++) material += rates.materialFenPerSample
    same(
      lines.map((line) => line.amountFen),
      [material, ...parts],
    )
    same(
      totalFen,
      [material, ...parts].reduce((sum, part) => sum + part, 0),
    )
  }),
  model(
    'rate by the hour, and a share in thousandths',
    fc.tuple(fc.maxSafeNat(), fc.integer({ min: 0, max: 100_000 }), permilleArb),
    ([amount, minutes, permille]) => {
      const rate = Math.floor(amount / 100_000)
      const doubled = BigInt(rate) * BigInt(minutes) * 2n + 60n
      same(
        ratePerHour(rate, minutes),
        naiveFloor((fen) => fen * 120n <= doubled),
      )
      const exact = BigInt(amount) * BigInt(permille)
      same(
        permilleOf(amount, permille),
        naiveFloor((fen) => fen * 1000n <= exact),
      )
    },
  ),
  model(
    'voucher share',
    fc.tuple(programmeArb, fenArb, fc.integer({ min: -1000, max: 2_000_000 })),
    ([programme, totalFen, available]) => {
      const { ratioPermille, bookingCapFen } = programme
      const fits = (fen: bigint) =>
        fen * 1000n <= BigInt(totalFen) * BigInt(ratioPermille) &&
        (bookingCapFen === null || fen <= BigInt(bookingCapFen)) &&
        fen <= BigInt(available)
      same(voucherShare(programme, totalFen, available), naiveFloor(fits))
    },
  ),
  model('funders', fc.tuple(fenArb, permilleArb), ([amountFen, permille]) => {
    const { provinceFen, cityFen } = splitFunders(amountFen, permille)
    same(provinceFen + cityFen, amountFen)
    same(
      provinceFen,
      naiveFloor((fen) => fen * 1000n <= BigInt(amountFen) * BigInt(permille)),
    )
  }),
  model(
    'settlement',
    fc.tuple(ratesArb, useArb, programmeArb, fenArb, fenArb),
    ([rates, use, programme, quotedFen, earmarkedFen]) => {
      const facts = { tariff: rates, effectiveMinutes: use.minutes, samples: use.samples }
      const done = settle({ ...facts, quotedFen, earmarkedFen, programme })
      const { totalFen } = priceUse(rates, use)
      same(done.totalFen, totalFen)
      same(done.billFen + (programme.mode === 'deduct' ? done.voucherFen : 0), totalFen)
      same(done.voucherFen <= earmarkedFen && done.voucherFen >= 0, true)
      same(done.aboveQuoteFen, [0, totalFen - quotedFen].sort((a, b) => b - a)[0])
      same(settle({ ...facts, quotedFen, earmarkedFen, programme: null }).billFen, totalFen)
    },
  ),
  model(
    'minutes of segments',
    fc.tuple(fc.array(fc.nat(5_400), { minLength: 2, maxLength: 4 }), fc.nat(59)),
    ([seconds, odd]) => {
      const at = (second: number) => new Date(now.getTime() + (odd + second) * 1000)
      const sorted = [...seconds].sort((a, b) => a - b)
      const starts = sorted.slice(0, -1).flatMap((second, i) => {
        const segment = segments[i]
        return segment === undefined ? [] : [{ segment, startsAt: at(second) }]
      })
      const end = sorted.at(-1) ?? 0
      const measured = minutesOf(starts, at(end))
      // A minute counts where its middle lies.
      const counted = { preparation: 0, testing: 0, post_processing: 0 }
      for (let middle = (sorted[0] ?? 0) + 30; middle <= end; middle += 60) {
        const current = starts.filter((one) => one.startsAt < at(middle)).at(-1)
        if (current !== undefined) counted[current.segment]++
      }
      same(measured, counted)
    },
  ),
  model(
    'working days',
    fc.tuple(calendarArb, fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 12 })),
    ([calendar, later, count]) => {
      const from = addDays(DAY, later)
      const worked = naiveWorkingDays(from, 90, calendar)
      same(addWorkingDays(from, count, calendar), worked[count - 1])
      same(isWorkingDay(addDays(from, 1), calendar), worked[0] === addDays(from, 1))
    },
  ),
  model('wall clock', instantArb, (at) => {
    const shifted = new Date(at.getTime() + 8 * 3_600_000).toISOString()
    same(dateOf(at), shifted.slice(0, 10))
    same(
      instantAt(shifted.slice(0, 10), Number(shifted.slice(11, 13)) * 60).getTime() <= at.getTime(),
      true,
    )
  }),
]

function model<T>(name: string, arb: fc.Arbitrary<T>, check: (value: T) => void): Model {
  return { name, run: (options) => fc.assert(fc.property(arb, check), options) }
}

function same(got: unknown, expected: unknown): void {
  const [one, other] = [JSON.stringify(got), JSON.stringify(expected)]
  if (one !== other) throw new Error(`the rule says ${one}, the slow way ${other}`)
}
