import type { bookingEndpoints, Quote, VoucherOffer } from '@yiqi/shared/booking/endpoints.ts'
import { isWholeMinutes } from '@yiqi/shared/booking/rules.ts'
import { type Price, priceUse } from '@yiqi/shared/charging/rules.ts'
import type { Tier } from '@yiqi/shared/charging/terms.ts'
import type { Span } from '@yiqi/shared/identity/rules.ts'
import { enterpriseRoles } from '@yiqi/shared/identity/terms.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import type { RefusalCode } from '@yiqi/shared/kernel/refusals.ts'
import { dateOf, type Slot, slotMinutes } from '@yiqi/shared/kernel/time.ts'
import type { ServiceMode } from '@yiqi/shared/notice/terms.ts'
import {
  areRelated,
  type ProgrammeTerms,
  voucherShare,
  whyNotVoucher,
} from '@yiqi/shared/voucher/rules.ts'
import { getInstrumentFacts, type InstrumentFacts } from '../catalogue/facts.ts'
import { tariffOn } from '../charging/queries.ts'
import { getOrganisation } from '../identity/facts.ts'
import { type Ctx, iso, refuse } from '../kernel/ctx.ts'
import { programmesWhere, quotasOf } from '../voucher/queries.ts'

const DEFAULT_SAMPLES = 1

/**
 * The price of a slot by the version in force on the day it starts, and what each programme would
 * do. Refuses `booking.slot_malformed`, and `booking.slot_off_grid` for parts of a minute.
 */
export async function quoteSlot(
  ctx: Ctx,
  input: InputOf<typeof bookingEndpoints.quoteSlot>,
): Promise<Quote> {
  const slot = slotFrom(input)
  if (!isWholeMinutes(slot)) refuse('booking.slot_off_grid')
  const instrument = await getInstrumentFacts(ctx, input.instrumentId)
  const { price, tariff } = await priceSlot(ctx, instrument, slot, input.samples ?? DEFAULT_SAMPLES)
  const serviceMode = input.serviceMode ?? 'entrusted'
  return {
    instrumentId: instrument.id,
    startsAt: iso(slot.startsAt),
    endsAt: iso(slot.endsAt),
    samples: input.samples ?? DEFAULT_SAMPLES,
    serviceMode,
    tariff,
    price,
    vouchers: await offersFor(ctx, instrument, { slot, serviceMode, totalFen: price.totalFen }),
  }
}

/** Internal when applicant and institution are one legal entity, else external. */
function tierFor(ctx: Ctx, instrument: { institutionId: string }): Tier {
  return ctx.actor.kind === 'member' && ctx.actor.organisationId === instrument.institutionId
    ? 'internal'
    : 'external'
}

async function priceSlot(
  ctx: Ctx,
  instrument: InstrumentFacts,
  slot: Slot,
  samples: number,
): Promise<{ price: Price; tariff: Quote['tariff'] }> {
  const tariff = await tariffOn(ctx, {
    instrumentId: instrument.id,
    tier: tierFor(ctx, instrument),
    day: dateOf(slot.startsAt),
  })
  return { tariff, price: priceUse(tariff, { minutes: slotMinutes(slot), samples }) }
}

/**
 * What every programme in force would pay for this enterprise; a programme that pays nothing says
 * why.
 */
async function offersFor(
  ctx: Ctx,
  instrument: InstrumentFacts,
  use: { slot: Slot; serviceMode: ServiceMode; totalFen: number },
): Promise<VoucherOffer[]> {
  const { actor } = ctx
  if (actor.kind !== 'member' || !enterpriseRoles.some((role) => role === actor.role)) return []
  const [programmes, quotas, enterprise, institution] = await Promise.all([
    programmesWhere(ctx),
    quotasOf(ctx, actor.organisationId),
    getOrganisation(ctx, actor.organisationId),
    getOrganisation(ctx, instrument.institutionId),
  ])
  return programmes
    .filter((programme) => programme.state === 'in_force')
    .map((programme) => {
      const quota = quotas.find((one) => one.programmeId === programme.id)
      const availableFen = quota?.availableFen ?? null
      const { shareFen, reason } = programmeShare(programme, {
        ...use,
        enterprise,
        institution,
        availableFen,
      })
      const before = availableFen ?? 0
      return {
        programmeId: programme.id,
        programmeName: programme.name,
        mode: programme.mode,
        ratioPermille: programme.ratioPermille,
        shareFen,
        reason,
        quotaBeforeFen: before,
        quotaAfterFen: before - shareFen,
      }
    })
}

type Sides = Parameters<typeof areRelated>

/** What a programme pays of a use, and why it pays nothing. Fen. */
export function programmeShare(
  programme: ProgrammeTerms,
  facts: {
    slot: Slot
    serviceMode: ServiceMode
    totalFen: number
    enterprise: Sides[0] & { credentials: readonly Span[] }
    institution: Sides[1]
    availableFen: number | null
  },
): { shareFen: number; reason: RefusalCode | null } {
  const reason = whyNotVoucher({
    programme,
    serviceMode: facts.serviceMode,
    serviceOn: dateOf(facts.slot.startsAt),
    credentials: facts.enterprise.credentials,
    related: areRelated(facts.enterprise, facts.institution),
    availableFen: facts.availableFen,
  })
  if (reason !== null) return { shareFen: 0, reason }
  return { shareFen: voucherShare(programme, facts.totalFen, facts.availableFen ?? 0), reason }
}

export function slotFrom(input: { startsAt: string; endsAt: string }): Slot {
  const slot = { startsAt: new Date(input.startsAt), endsAt: new Date(input.endsAt) }
  if (!(slot.startsAt < slot.endsAt)) refuse('booking.slot_malformed')
  return slot
}
