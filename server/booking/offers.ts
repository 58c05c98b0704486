import type { bookingEndpoints, Offer } from '@yiqi/shared/booking/endpoints.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { dateOf } from '@yiqi/shared/kernel/time.ts'
import { tariffsOn } from '../charging/queries.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { programmesWhere } from '../voucher/queries.ts'
import { organisationOf } from './queries-facts.ts'
import { stripsOf, wire } from './week.ts'

/** How many of an instrument's bookings its answer time is taken from. */
const ANSWERS_FROM = 50

/** Price, seven-day strip, next free slot and answer time of the instruments of a result list. */
export async function listOffers(
  ctx: Ctx,
  input: InputOf<typeof bookingEndpoints.listOffers>,
): Promise<{ rows: Offer[] }> {
  const ids = [...new Set(input.instrumentIds.split(','))]
  const today = dateOf(ctx.now())
  const [strips, tariffs, answers, programmes] = await Promise.all([
    stripsOf(ctx, ids),
    tariffsOn(ctx, ids, { day: today, organisationId: organisationOf(ctx) }),
    answerMinutes(ctx, ids),
    programmesWhere(ctx),
  ])
  const voucherEligible = programmes.some(
    (one) => one.state === 'in_force' && one.validFrom <= today && today <= one.validTo,
  )
  return {
    rows: ids.map((id) => {
      const tariff = tariffs.get(id)
      const { next, days } = strips.get(id) ?? { next: null, days: [] }
      return {
        instrumentId: id,
        pricePerHourFen: tariff ? tariff.utilitiesFenPerHour + tariff.labourFenPerHour : null,
        materialFenPerSample: tariff?.materialFenPerSample ?? null,
        nextSlot: next === null ? null : wire(next),
        days,
        answerMinutesMedian: answers.get(id) ?? null,
        voucherEligible: voucherEligible && tariff !== undefined,
      }
    }),
  }
}

/** Median minutes between request and confirmation, over the instrument's latest bookings. */
async function answerMinutes(ctx: Ctx, ids: string[]): Promise<Map<string, number>> {
  const rows = await ctx.sql<{ instrumentId: string; minutes: number | null }[]>`
    select i.id as instrument_id, (
      select (percentile_cont(0.5) within group (
        order by extract(epoch from b.confirmed_at - b.asked_at) / 60))::integer
      from (select confirmed_at, greatest(requested_at, approved_at) as asked_at
        from bookings where instrument_id = i.id
        order by starts_at desc limit ${ANSWERS_FROM}) b
      where b.confirmed_at is not null) as minutes
    from unnest(${ids}::uuid[]) i (id)`
  return new Map(
    rows.flatMap((row) => (row.minutes === null ? [] : [[row.instrumentId, row.minutes]])),
  )
}
