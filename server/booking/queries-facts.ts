import type { BookingTerms, CalendarDays, SpendingLimits } from '@yiqi/shared/booking/rules.ts'
import type { BookingState } from '@yiqi/shared/booking/terms.ts'
import type { Tariff } from '@yiqi/shared/charging/endpoints.ts'
import type { Span } from '@yiqi/shared/identity/rules.ts'
import { bookingRoles, type OrganisationKind } from '@yiqi/shared/identity/terms.ts'
import type { Slot } from '@yiqi/shared/kernel/time.ts'
import { addDays, dateOf } from '@yiqi/shared/kernel/time.ts'
import type { ServiceMode } from '@yiqi/shared/notice/terms.ts'
import type { Party, ProgrammeTerms } from '@yiqi/shared/voucher/rules.ts'
import { voucherCredentials } from '../identity/facts.ts'
import type { Fragment } from '../kernel/connect.ts'
import { type Ctx, found, type Member } from '../kernel/ctx.ts'
import type { NoticeInForce } from '../notice/agreement.ts'

// What the two writes of a booking need to know, each in one query: every round trip costs more
// than what it fetches.

export type HoldFacts = {
  institutionId: string
  /** Of the organisation that books. */
  verification: string
  /** Null: without open hours nobody can book. */
  terms: BookingTerms | null
  calendar: CalendarDays
  /** The number the booking will bear; one that is not used leaves a gap. */
  number: string
}

/** Refuses `catalogue.no_such_instrument`. */
export async function holdFacts(
  ctx: Ctx,
  { organisationId }: Member,
  asked: Slot & { instrumentId: string },
): Promise<HoldFacts> {
  const [row] = await ctx.sql<HoldFacts[]>`
    select i.institution_id,
      (select o.verification from organisations o where o.id = ${organisationId}) as verification,
      case when h.instrument_id is not null then json_build_object('week', h.week,
        'slotMinutes', h.slot_minutes, 'minMinutes', h.min_minutes, 'maxMinutes', h.max_minutes,
        'leadMinutes', h.lead_minutes, 'horizonDays', h.horizon_days,
        'bufferMinutes', h.buffer_minutes) end as terms,
      (select coalesce(json_object_agg(date, kind), '{}') from calendar_days
        where date between ${dateOf(asked.startsAt)} and ${addDays(dateOf(asked.endsAt), 1)}
      ) as calendar,
      next_number('SX', 'booking_number_seq', ${ctx.now()}) as number
    from instruments i left join open_hours h on h.instrument_id = i.id
    where i.id = ${asked.instrumentId}`
  return found(row, 'catalogue.no_such_instrument')
}

export type PartyFacts = Party & {
  name: string
  kind: OrganisationKind
  verification: string
  credentials: Span[]
}

export type RequestFacts = Slot & {
  number: string
  state: BookingState
  holdExpiresAt: Date
  instrumentName: string
  instrumentModel: string | null
  institution: PartyFacts
  enterprise: PartyFacts
  tariff: Tariff | null
  notice: NoticeInForce | null
  programme: (ProgrammeTerms & { state: string }) | null
  /** Null when the enterprise was never issued a quota under the programme. */
  availableFen: number | null
  /** Whether the member has a limit at all; what it comes to, the booking function counts. */
  limited: boolean
  /** Null: nobody was named, or nobody of the payer's people who book. */
  beneficiaryName: string | null
}

type Requested = {
  id: string
  serviceMode: ServiceMode
  programmeId: string | null
  beneficiaryId?: string | null | undefined
}

/**
 * What a request of this member's organisation, which pays, comes to. Refuses
 * `booking.no_such_booking`, also for another organisation's booking; a hold of the same person's
 * may be another's.
 */
export async function requestFacts(
  ctx: Ctx,
  { organisationId, userId, membershipId }: Member,
  asked: Requested,
): Promise<RequestFacts> {
  const [row] = await ctx.sql<RequestFacts[]>`
    select b.number, b.state, b.hold_expires_at, b.starts_at, b.ends_at,
      i.name as instrument_name, i.model as instrument_model,
      ${party(ctx, 'n')} as institution, ${party(ctx, 'e')} as enterprise,
      (select json_build_object('id', t.id, 'tier', t.tier, 'effectiveFrom', t.effective_from,
          'effectiveTo', t.effective_to, 'materialFenPerSample', t.material_fen_per_sample,
          'utilitiesFenPerHour', t.utilities_fen_per_hour,
          'labourFenPerHour', t.labour_fen_per_hour, 'minimumMinutes', t.minimum_minutes,
          'basis', t.basis)
        from tariffs t where t.instrument_id = b.instrument_id
          and t.tier = case when e.id = b.institution_id then 'internal'
            else 'external' end
          and daterange(t.effective_from, t.effective_to, '[]')
            @> (b.starts_at at time zone 'Asia/Shanghai')::date) as tariff,
      (select json_build_object('id', o.id, 'ownership', o.ownership, 'matters', o.matters,
          'hash', o.hash)
        from notices o where o.service_mode = ${asked.serviceMode}
          and o.effective_from <= ${dateOf(ctx.now())}
        order by o.version desc limit 1) as notice,
      (select json_build_object('state', p.state, 'ratioPermille', p.ratio_permille,
          'bookingCapFen', p.booking_cap_fen, 'validFrom', p.valid_from, 'validTo', p.valid_to,
          'serviceModes', p.service_modes)
        from programmes p where p.id = ${asked.programmeId}) as programme,
      (select (a.credits_posted - a.debits_posted - a.debits_pending)::bigint
        from quotas q join accounts a on a.id = q.account_id
        where q.programme_id = ${asked.programmeId} and q.enterprise_id = e.id
      ) as available_fen,
      coalesce((select num_nonnulls(m.order_limit_fen, m.month_limit_fen) > 0
        from memberships m where m.id = ${membershipId}), false) as limited,
      (select u.name from users u where u.id = ${asked.beneficiaryId ?? null}
        and ${bookersOf(ctx, organisationId)}) as beneficiary_name
    from bookings b join instruments i on i.id = b.instrument_id
      join organisations n on n.id = b.institution_id
      join organisations e on e.id = ${organisationId}
    where b.id = ${asked.id} and (b.enterprise_id = ${organisationId}
      or b.state = 'held' and b.requester_id = ${userId})`
  return found(row, 'booking.no_such_booking')
}

/** Whom a price is for: the organisation that would book. Null: nobody's. */
export function organisationOf({ actor }: Ctx): string | null {
  return actor.kind === 'member' ? actor.organisationId : null
}

/** In a query on users `u`: those of the organisation who book. */
export function bookersOf({ sql }: Ctx, organisationId: string): Fragment {
  return sql`u.closed_at is null and exists (select from memberships x where x.user_id = u.id
    and x.organisation_id = ${organisationId} and x.role = any (${[...bookingRoles]}::text[]))`
}

export type QuoteFacts = { institution: PartyFacts; enterprise: PartyFacts } & SpendingLimits

/** What a quote for this member's organisation depends on beside the price. */
export async function quoteFacts(
  ctx: Ctx,
  { organisationId, membershipId }: Member,
  institutionId: string,
): Promise<QuoteFacts> {
  const [row] = await ctx.sql<QuoteFacts[]>`
    select ${party(ctx, 'n')} as institution, ${party(ctx, 'e')} as enterprise,
      m.order_limit_fen, m.month_limit_fen, case when m.month_limit_fen is null then 0
        else month_spending(m.user_id, m.organisation_id, ${ctx.now()}) end as month_spent_fen
    from organisations n join organisations e on e.id = ${organisationId}
      left join memberships m on m.id = ${membershipId}
    where n.id = ${institutionId}`
  return found(row, 'identity.no_such_organisation')
}

function party(ctx: Ctx, alias: 'n' | 'e') {
  const { sql } = ctx
  return sql`json_build_object('uscc', ${sql(alias)}.uscc, 'name', ${sql(alias)}.name,
    'kind', ${sql(alias)}.kind, 'verification', ${sql(alias)}.verification,
    'legalRepresentative', ${sql(alias)}.legal_representative,
    'shareholders', ${sql(alias)}.shareholders,
    'credentials', ${voucherCredentials(ctx, alias)})`
}
