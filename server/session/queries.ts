import type { TariffRates } from '@yiqi/shared/charging/rules.ts'
import { bookingRoles, institutionRoles } from '@yiqi/shared/identity/terms.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { acknowledgementSentence } from '@yiqi/shared/notice/rules.ts'
import type { ServiceMode } from '@yiqi/shared/notice/terms.ts'
import type { Session, sessionEndpoints } from '@yiqi/shared/session/endpoints.ts'
import {
  effectiveMinutes,
  minutesOf,
  type SegmentMinutes,
  type SegmentStart,
  type Settlement,
  settle,
} from '@yiqi/shared/session/rules.ts'
import type { SessionState } from '@yiqi/shared/session/terms.ts'
import { getBookingRow } from '../booking/queries.ts'
import type { Fragment } from '../kernel/connect.ts'
import { allow, type Ctx, found, iso, isoOrNull, type Member } from '../kernel/ctx.ts'

/** All that the verbs and the answer need of one session, in one row. */
export type SessionFacts = {
  id: string
  bookingId: string
  bookingNumber: string
  instrumentId: string
  institutionId: string
  enterpriseId: string
  state: SessionState
  startsAt: Date
  endsAt: Date | null
  minutes: SegmentMinutes
  samples: number
  consumables: { name: string; quantity: number }[]
  note: string | null
  handedOverTo: string | null
  pcCleared: boolean | null
  samplesReturned: boolean | null
  dataHash: string | null
  disputeReason: string | null
  finishedAt: Date | null
  serviceMode: ServiceMode | null
  quotedFen: number
  earmarkedFen: number
  /** What was agreed; null before. */
  totalFen: number | null
  voucherFen: number | null
  billFen: number | null
  tariff: TariffRates
  programme: {
    mode: 'deduct' | 'refund'
    ratioPermille: number
    bookingCapFen: number | null
  } | null
  instrument: { name: string; englishName: string | null; model: string | null; number: string }
  institutionName: string
  /** Who served: the technician that ended the session, else one of the instrument's. */
  technician: string | null
  /** Whether the viewer is a technician of this instrument. */
  tends: boolean
  segments: SegmentStart[]
}

/** Sessions that fit, as facts, within the viewer's scope: the two parties and nobody else. */
export async function sessionsWhere(ctx: Ctx, condition: Fragment): Promise<SessionFacts[]> {
  const viewer = viewerOf(ctx)
  const rows = await ctx.sql<SessionRow[]>`
    select s.id, s.booking_id, b.number as booking_number, s.instrument_id, b.institution_id,
      b.enterprise_id, s.state, s.starts_at, s.ends_at, s.preparation_minutes, s.testing_minutes,
      s.post_processing_minutes, s.samples, s.consumables, s.note, s.handed_over_to, s.pc_cleared,
      s.samples_returned, s.data_hash, s.dispute_reason, s.finished_at, b.service_mode,
      b.total_fen as quoted_fen, b.voucher_fen as earmarked_fen, s.total_fen, s.voucher_fen,
      l.amount_fen as bill_fen, t.material_fen_per_sample, t.utilities_fen_per_hour,
      t.labour_fen_per_hour, t.minimum_minutes, p.mode, p.ratio_permille, p.booking_cap_fen,
      n.name as instrument_name, n.english_name, n.model, n.number as instrument_number,
      i.name as institution_name,
      coalesce(
        (select u.name from acknowledgements k join users u on u.id = k.user_id
          where k.booking_id = b.id and k.stage = 'finish'),
        (select u.name from instrument_technicians x join users u on u.id = x.user_id
          where x.instrument_id = n.id order by x.user_id = s.started_by desc, u.id limit 1)
      ) as technician,
      exists (select 1 from instrument_technicians x
        where x.instrument_id = n.id and x.user_id = ${viewer?.userId ?? null}) as tends,
      (select coalesce(json_agg(json_build_array(g.segment, extract(epoch from g.starts_at) * 1000)
          order by g.starts_at, g.segment), '[]')
        from session_segments g where g.session_id = s.id) as segments
    from sessions s join bookings b on b.id = s.booking_id
      join instruments n on n.id = s.instrument_id
      join organisations i on i.id = b.institution_id join tariffs t on t.id = b.tariff_id
      left join programmes p on p.id = b.programme_id left join bills l on l.booking_id = b.id
    where ${condition} and ${scopeOf(ctx)}
    order by s.starts_at`
  return rows.map(toFacts)
}

/**
 * The two parties of a booking see its session, each by its own roles: an institution's people who
 * book see what they booked, not what others did on its instruments. A job sees all, a visitor
 * none.
 */
function scopeOf(ctx: Ctx): Fragment {
  const viewer = viewerOf(ctx)
  if (viewer === null) return ctx.actor.kind === 'job' ? ctx.sql`true` : ctx.sql`false`
  const { role, organisationId } = viewer
  if (bookingRoles.some((each) => each === role))
    return ctx.sql`b.enterprise_id = ${organisationId}`
  return institutionRoles.some((each) => each === role)
    ? ctx.sql`b.institution_id = ${organisationId}`
    : ctx.sql`false`
}

/** One session of the viewer's. Refuses `session.no_such_session`. */
export async function sessionFacts(ctx: Ctx, id: string): Promise<SessionFacts> {
  const [facts] = await sessionsWhere(ctx, ctx.sql`s.id = ${id}`)
  return found(facts, 'session.no_such_session')
}

/** The same, kept from changing until the transaction ends. */
export async function lockSession(ctx: Ctx, id: string): Promise<SessionFacts> {
  await ctx.sql`select 1 from sessions where id = ${id} for no key update`
  return sessionFacts(ctx, id)
}

export async function getSession(
  ctx: Ctx,
  input: InputOf<typeof sessionEndpoints.getSession>,
): Promise<Session> {
  allow(ctx, 'session.getSession')
  return toSession(ctx, await sessionFacts(ctx, input.id))
}

/** Null before check-in. Refuses `booking.no_such_booking` for whoever is no party to it. */
export async function findBookingSession(
  ctx: Ctx,
  input: InputOf<typeof sessionEndpoints.findBookingSession>,
): Promise<{ session: Session | null }> {
  allow(ctx, 'session.getSession')
  const [facts] = await sessionsWhere(ctx, ctx.sql`s.booking_id = ${input.bookingId}`)
  // Not begun yet is one thing; whoever is no party hears that there is no such booking.
  if (facts === undefined) await getBookingRow(ctx, input.bookingId)
  return { session: facts ? toSession(ctx, facts) : null }
}

/** What the hours cost by the frozen tariff, and how it is shared. */
export function settlementOf(facts: SessionFacts): Settlement {
  return settle({
    tariff: facts.tariff,
    effectiveMinutes: effectiveMinutes(facts.minutes),
    samples: facts.samples,
    quotedFen: facts.quotedFen,
    earmarkedFen: facts.earmarkedFen,
    programme: facts.programme,
  })
}

export function toSession(ctx: Ctx, facts: SessionFacts): Session {
  const minutes = facts.state === 'running' ? minutesOf(facts.segments, ctx.now()) : facts.minutes
  return {
    id: facts.id,
    bookingId: facts.bookingId,
    bookingNumber: facts.bookingNumber,
    instrumentName: facts.instrument.name,
    state: facts.state,
    startsAt: iso(facts.startsAt),
    endsAt: isoOrNull(facts.endsAt),
    segment: facts.state === 'running' ? (facts.segments.at(-1)?.segment ?? null) : null,
    segments: facts.segments.map((one) => ({ segment: one.segment, startsAt: iso(one.startsAt) })),
    minutes,
    effectiveMinutes: effectiveMinutes(minutes),
    samples: facts.samples,
    consumables: facts.consumables,
    note: facts.note,
    handOver: handOverOf(facts),
    disputeReason: facts.disputeReason,
    settlement: shownSettlement({ ...facts, minutes }),
    acknowledgementText: acknowledgementSentence({
      institution: facts.institutionName,
      instrument: facts.instrument.name,
      englishName: facts.instrument.englishName,
      model: facts.instrument.model,
      number: facts.instrument.number,
      bookingNumber: facts.bookingNumber,
      technician: facts.technician,
    }),
    actions: actionsOf(ctx, facts),
  }
}

/**
 * The enterprise may run its own session where it operates the instrument itself; ending it stays
 * the technician's.
 */
export function mayRun(ctx: Ctx, facts: SessionFacts): boolean {
  return (
    isTechnician(ctx, facts) || (isEnterprise(ctx, facts) && facts.serviceMode === 'self-operated')
  )
}

export function isTechnician(ctx: Ctx, facts: SessionFacts): boolean {
  const viewer = viewerOf(ctx)
  return (
    viewer?.role === 'technician' && facts.tends && viewer.organisationId === facts.institutionId
  )
}

export function isEnterprise(ctx: Ctx, facts: SessionFacts): boolean {
  const viewer = viewerOf(ctx)
  return (
    viewer?.organisationId === facts.enterpriseId &&
    bookingRoles.some((role) => role === viewer.role)
  )
}

function actionsOf(ctx: Ctx, facts: SessionFacts): Session['actions'] {
  switch (facts.state) {
    case 'running':
      return [
        ...(mayRun(ctx, facts) && facts.segments.at(-1)?.segment !== 'post_processing'
          ? ['advance' as const]
          : []),
        ...(isTechnician(ctx, facts) ? ['finish' as const] : []),
      ]
    case 'finished':
      return isEnterprise(ctx, facts) ? ['agree', 'dispute'] : []
    case 'disputed':
      return isTechnician(ctx, facts) ? ['adjust'] : []
    case 'agreed':
      return []
  }
}

/** While it runs the quote stands; then the preview of the agreement; then what was agreed. */
function shownSettlement(facts: SessionFacts): Session['settlement'] {
  const running = facts.state === 'running'
  const preview = settlementOf(facts)
  if (running) {
    const remainderFen =
      facts.programme?.mode === 'deduct' ? facts.quotedFen - facts.earmarkedFen : facts.quotedFen
    return {
      totalFen: facts.quotedFen,
      quotedFen: facts.quotedFen,
      voucherFen: facts.earmarkedFen,
      remainderFen,
      aboveQuoteFen: 0,
    }
  }
  const totalFen = facts.totalFen ?? preview.totalFen
  return {
    totalFen,
    quotedFen: facts.quotedFen,
    voucherFen: facts.voucherFen ?? preview.voucherFen,
    remainderFen: facts.billFen ?? preview.billFen,
    aboveQuoteFen: Math.max(0, totalFen - facts.quotedFen),
  }
}

function handOverOf(facts: SessionFacts): Session['handOver'] {
  if (facts.handedOverTo === null) return null
  return {
    to: facts.handedOverTo,
    pcCleared: facts.pcCleared ?? false,
    samplesReturned: facts.samplesReturned ?? false,
    dataHash: facts.dataHash,
  }
}

function viewerOf(ctx: Ctx): Member | null {
  return ctx.actor.kind === 'member' ? ctx.actor : null
}

type SessionRow = Omit<
  SessionFacts,
  'minutes' | 'tariff' | 'programme' | 'instrument' | 'segments'
> & {
  preparationMinutes: number
  testingMinutes: number
  postProcessingMinutes: number
  materialFenPerSample: number
  utilitiesFenPerHour: number
  labourFenPerHour: number
  minimumMinutes: number
  mode: 'deduct' | 'refund' | null
  ratioPermille: number
  bookingCapFen: number | null
  instrumentName: string
  englishName: string | null
  model: string | null
  instrumentNumber: string
  segments: [SegmentStart['segment'], number][]
}

function toFacts(row: SessionRow): SessionFacts {
  return {
    ...row,
    minutes: {
      preparation: row.preparationMinutes,
      testing: row.testingMinutes,
      post_processing: row.postProcessingMinutes,
    },
    tariff: {
      materialFenPerSample: row.materialFenPerSample,
      utilitiesFenPerHour: row.utilitiesFenPerHour,
      labourFenPerHour: row.labourFenPerHour,
      minimumMinutes: row.minimumMinutes,
    },
    programme:
      row.mode === null
        ? null
        : { mode: row.mode, ratioPermille: row.ratioPermille, bookingCapFen: row.bookingCapFen },
    instrument: {
      name: row.instrumentName,
      englishName: row.englishName,
      model: row.model,
      number: row.instrumentNumber,
    },
    segments: row.segments.map(([segment, at]) => ({ segment, startsAt: new Date(at) })),
  }
}
