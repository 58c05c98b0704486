import type { bookingEndpoints, Offer } from '@yiqi/shared/booking/endpoints.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { dateOf } from '@yiqi/shared/kernel/time.ts'
import { tariffsOn } from '../charging/queries.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { programmesWhere } from '../voucher/queries.ts'
import { earliest, freeDaysOf, wire } from './week.ts'

/** Price, seven-day strip, next free slot and answer time of the instruments of a result list. */
export async function listOffers(
  ctx: Ctx,
  input: InputOf<typeof bookingEndpoints.listOffers>,
): Promise<{ rows: Offer[] }> {
  const ids = [...new Set(input.instrumentIds.split(','))]
  const today = dateOf(ctx.now())
  const [free, tariffs, answers, programmes] = await Promise.all([
    freeDaysOf(ctx, ids),
    tariffsOn(ctx, ids, today),
    answerMinutes(ctx, ids),
    programmesWhere(ctx),
  ])
  const voucherEligible = programmes.some(
    (one) => one.state === 'in_force' && one.validFrom <= today && today <= one.validTo,
  )
  return {
    rows: ids.map((id) => {
      const tariff = tariffs.get(id)
      const next = earliest(free.get(id)?.slots.slice(0, 1) ?? [])
      return {
        instrumentId: id,
        pricePerHourFen: tariff ? tariff.utilitiesFenPerHour + tariff.labourFenPerHour : null,
        materialFenPerSample: tariff?.materialFenPerSample ?? null,
        nextSlot: next === null ? null : wire(next),
        days: free.get(id)?.days ?? [],
        answerMinutesMedian: answers.get(id) ?? null,
        voucherEligible: voucherEligible && tariff !== undefined,
      }
    }),
  }
}

/** Median minutes between request and confirmation, over the instrument's bookings so far. */
async function answerMinutes(ctx: Ctx, ids: string[]): Promise<Map<string, number>> {
  const rows = await ctx.sql<{ instrumentId: string; minutes: number }[]>`
    select instrument_id, (percentile_cont(0.5) within group (
      order by extract(epoch from confirmed_at - requested_at) / 60))::integer as minutes
    from bookings where instrument_id = any (${ids}) and confirmed_at is not null
    group by instrument_id`
  return new Map(rows.map((row) => [row.instrumentId, row.minutes]))
}
