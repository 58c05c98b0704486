import type { bookingEndpoints, Quote, VoucherOffer } from '@yiqi/shared/booking/endpoints.ts'
import { isAboveLimits, isWholeMinutes, whyNotBook } from '@yiqi/shared/booking/rules.ts'
import { type Price, priceUse } from '@yiqi/shared/charging/rules.ts'
import type { Tier } from '@yiqi/shared/charging/terms.ts'
import { bookingRoles } from '@yiqi/shared/identity/terms.ts'
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
import { type Ctx, iso, refuse } from '../kernel/ctx.ts'
import { programmesWhere, type QuotaFacts, quotasOf } from '../voucher/queries.ts'
import { organisationOf, type PartyFacts, type QuoteFacts, quoteFacts } from './queries-facts.ts'

const DEFAULT_SAMPLES = 1

/**
 * The price of a slot by the version in force on the day it starts, what each programme would do,
 * whether an administrator has to approve it, and why the organisation may not book at all. Refuses
 * `booking.slot_malformed`, and `booking.slot_off_grid` for parts of a minute.
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
    ...(await forBooker(ctx, instrument, { slot, serviceMode, totalFen: price.totalFen })),
  }
}

/** Internal when applicant and institution are one legal entity, else external. */
function tierFor(ctx: Ctx, instrument: { institutionId: string }): Tier {
  return organisationOf(ctx) === instrument.institutionId ? 'internal' : 'external'
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

type Use = { slot: Slot; serviceMode: ServiceMode; totalFen: number }

/** What a quote says to who books for an organisation; nothing to everybody else. */
async function forBooker(
  ctx: Ctx,
  instrument: InstrumentFacts,
  use: Use,
): Promise<Pick<Quote, 'vouchers' | 'approvalNeeded' | 'reason'>> {
  const { actor } = ctx
  if (actor.kind !== 'member' || !bookingRoles.some((role) => role === actor.role))
    return { vouchers: [], approvalNeeded: false, reason: null }
  const [facts, programmes, quotas] = await Promise.all([
    quoteFacts(ctx, actor, instrument.institutionId),
    programmesWhere(ctx),
    quotasOf(ctx, actor.organisationId),
  ])
  return {
    vouchers: programmes
      .filter((programme) => programme.state === 'in_force')
      .map((programme) => offerOf(programme, quotas, facts, use)),
    approvalNeeded: isAboveLimits(facts, use.totalFen),
    reason: whyNotBook(facts.enterprise.verification),
  }
}

/** What a programme in force would pay of a use; one that pays nothing says why. */
function offerOf(
  programme: Awaited<ReturnType<typeof programmesWhere>>[number],
  quotas: readonly QuotaFacts[],
  facts: QuoteFacts,
  use: Use,
): VoucherOffer {
  const quota = quotas.find((one) => one.programmeId === programme.id)
  const availableFen = quota?.availableFen ?? null
  const { shareFen, reason } = programmeShare(programme, { ...use, ...facts, availableFen })
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
}

/**
 * What a programme pays of a use, and why it pays nothing: only an enterprise can hold what
 * vouchers ask for. Fen.
 */
export function programmeShare(
  programme: ProgrammeTerms,
  facts: Use & {
    enterprise: PartyFacts
    institution: PartyFacts
    availableFen: number | null
  },
): { shareFen: number; reason: RefusalCode | null } {
  const { enterprise, institution, totalFen, availableFen } = facts
  const reason = whyNotVoucher({
    programme,
    serviceMode: facts.serviceMode,
    serviceOn: dateOf(facts.slot.startsAt),
    credentials: enterprise.kind === 'enterprise' ? enterprise.credentials : [],
    related: areRelated(enterprise, institution),
    availableFen,
  })
  if (reason !== null) return { shareFen: 0, reason }
  return { shareFen: voucherShare(programme, totalFen, availableFen ?? 0), reason }
}

export function slotFrom(input: { startsAt: string; endsAt: string }): Slot {
  const slot = { startsAt: new Date(input.startsAt), endsAt: new Date(input.endsAt) }
  if (!(slot.startsAt < slot.endsAt)) refuse('booking.slot_malformed')
  return slot
}
