import type { Quote, VoucherOffer, WeekCell } from '@yiqi/shared/booking/endpoints.ts'
import { type Cell, freeSlots } from '@yiqi/shared/booking/rules.ts'
import { type ServiceDirection, serviceDirections } from '@yiqi/shared/booking/terms.ts'
import { componentLabels } from '@yiqi/shared/charging/terms.ts'
import type { Me, Membership } from '@yiqi/shared/identity/endpoints-log-in.ts'
import { bookingRoles } from '@yiqi/shared/identity/terms.ts'
import { yuan, yuanShort } from '@yiqi/shared/kernel/money.ts'
import { isRefusalCode, refusals } from '@yiqi/shared/kernel/refusals.ts'
import { MINUTE_MS } from '@yiqi/shared/kernel/time.ts'
import { bookableModes, confidentialities } from '@yiqi/shared/notice/terms.ts'
import { programmeModeLabels } from '@yiqi/shared/voucher/terms.ts'

// What the booking sheet knows without asking anybody. Pure.

export type Span = { startsAt: string; endsAt: string }
export type BookableMode = (typeof bookableModes)[number]
export type ConfidentialityLevel = (typeof confidentialities)[number]

// The hold

/**
 * What the page is opened for: `asked` stands in the address, `slot` is what was switched to
 * since.
 */
export type Wanted = { instrumentId: string; userId: string; asked: Span; slot: Span }
export type KeptHold = Wanted & { id: string; expiresAt: string }

/** A hold is taken up again by the same person, for the same address, while it lives. */
export function resumable(
  kept: KeptHold | null,
  wanted: Omit<Wanted, 'slot'>,
  now: Date,
): KeptHold | null {
  if (kept === null || kept.userId !== wanted.userId) return null
  if (kept.instrumentId !== wanted.instrumentId || !sameSpan(kept.asked, wanted.asked)) return null
  return Date.parse(kept.expiresAt) > now.getTime() ? kept : null
}

export function sameSpan(a: Span, b: Span): boolean {
  return a.startsAt === b.startsAt && a.endsAt === b.endsAt
}

/** Reads what storage holds; anything else than a hold of today's shape is nothing. */
export function readKeptHold(raw: unknown): KeptHold | null {
  if (!isFields(raw)) return null
  const { id, instrumentId, userId, expiresAt } = raw
  const asked = readSpan(raw.asked)
  const slot = readSpan(raw.slot)
  if (typeof id !== 'string' || typeof instrumentId !== 'string') return null
  if (typeof userId !== 'string' || typeof expiresAt !== 'string') return null
  return asked === null || slot === null
    ? null
    : { id, instrumentId, userId, asked, slot, expiresAt }
}

function readSpan(raw: unknown): Span | null {
  if (!isFields(raw)) return null
  const { startsAt, endsAt } = raw
  return typeof startsAt === 'string' && typeof endsAt === 'string' ? { startsAt, endsAt } : null
}

function isFields(raw: unknown): raw is Record<string, unknown> {
  return typeof raw === 'object' && raw !== null
}

/** The free slots of the wanted length that lie nearest to the wanted start, in order of time. */
export function nearestSlots(cells: readonly WeekCell[], wanted: Span, count: number): Span[] {
  const start = Date.parse(wanted.startsAt)
  const minutes = (Date.parse(wanted.endsAt) - start) / MINUTE_MS
  const distance = (slot: Span) => Math.abs(Date.parse(slot.startsAt) - start)
  return freeSlots(cells.map(timed), minutes)
    .map((slot) => ({ startsAt: slot.startsAt.toISOString(), endsAt: slot.endsAt.toISOString() }))
    .filter((slot) => !sameSpan(slot, wanted))
    .sort((a, b) => distance(a) - distance(b))
    .slice(0, count)
    .sort((a, b) => a.startsAt.localeCompare(b.startsAt))
}

function timed(cell: WeekCell): Cell {
  const reason = cell.reason !== null && isRefusalCode(cell.reason) ? cell.reason : null
  return { ...cell, reason, startsAt: new Date(cell.startsAt), endsAt: new Date(cell.endsAt) }
}

// The form

export const PURPOSE_MAX = 500
export const SAMPLES_MAX = 500
const SAMPLE_NAMES_MAX = 50
const SAMPLE_NAME_MAX = 60

export type Form = {
  serviceMode: BookableMode
  confidentiality: ConfidentialityLevel
  samples: number
  sampleNames: string
  purpose: string
  preparation: string
  serviceDirection: ServiceDirection
  /** null: whichever pays most; `none`: no voucher. */
  programme: string | null
}

export const emptyForm: Form = {
  serviceMode: 'entrusted',
  confidentiality: 'normal',
  samples: 1,
  sampleNames: '',
  purpose: '',
  preparation: '',
  serviceDirection: '136',
  programme: null,
}

/** Reads a kept draft, field by field: what does not fit any more falls back to the empty form. */
export function readForm(raw: unknown): Form {
  if (!isFields(raw)) return emptyForm
  const words = (name: string) => (typeof raw[name] === 'string' ? raw[name] : '')
  const samples = raw.samples
  const directions = Object.keys(serviceDirections) as ServiceDirection[] // the keys of that table
  return {
    serviceMode: bookableModes.find((mode) => mode === raw.serviceMode) ?? emptyForm.serviceMode,
    confidentiality:
      confidentialities.find((level) => level === raw.confidentiality) ?? emptyForm.confidentiality,
    samples:
      typeof samples === 'number' && Number.isInteger(samples) && samples >= 0
        ? Math.min(samples, SAMPLES_MAX)
        : emptyForm.samples,
    sampleNames: words('sampleNames'),
    purpose: words('purpose'),
    preparation: words('preparation'),
    serviceDirection:
      directions.find((code) => code === raw.serviceDirection) ?? emptyForm.serviceDirection,
    programme: typeof raw.programme === 'string' ? raw.programme : null,
  }
}

/** Coded names, one a line or separated by 、，,; at most fifty, each cut at sixty characters. */
export function sampleNamesFrom(text: string): string[] {
  return text
    .split(/[\n,，、;；]/)
    .map((name) => name.trim().slice(0, SAMPLE_NAME_MAX))
    .filter((name) => name !== '')
    .slice(0, SAMPLE_NAMES_MAX)
}

export type SubmitFacts = {
  hold: 'holding' | 'held' | 'lapsed' | 'refused'
  form: Form
  quoted: boolean
  acknowledged: boolean
}

/**
 * Why the request cannot be sent yet, in the order in which the sheet is filled in; null when it
 * can.
 */
export function whyNotSubmit(facts: SubmitFacts): string | null {
  if (facts.hold === 'lapsed') return 'booking.hold_lapsed'
  if (facts.hold === 'refused') return '请先换一个时段'
  if (facts.hold === 'holding') return '正在为你保留时段'
  if (facts.form.purpose.trim() === '') return '请填写检测目的'
  if (facts.form.purpose.trim().length > PURPOSE_MAX) return `检测目的最多 ${PURPOSE_MAX} 字`
  if (!facts.quoted) return '正在核价，请稍候'
  return facts.acknowledged ? null : 'notice.not_acknowledged'
}

// Who pays, and for whom

/** In whose name one may book: a membership each, one an organisation, the one acted in first. */
export function payersOf(me: Pick<Me, 'membership' | 'memberships'>): Membership[] {
  const able = me.memberships.filter(({ role, organisation }) => {
    return bookingRoles.some((each) => each === role) && organisation.verification === 'verified'
  })
  const own = able.filter(({ id }) => id === me.membership?.id)
  const organisations = new Set<string>()
  return [...own, ...able].filter(({ organisation }) => {
    const isNew = !organisations.has(organisation.id)
    organisations.add(organisation.id)
    return isNew
  })
}

// Money

/** The offer in force: the one chosen, or the one that pays most; null is no voucher. */
export function offerOf(
  offers: readonly VoucherOffer[],
  programme: string | null,
): VoucherOffer | null {
  if (programme !== null) return offers.find((offer) => offer.programmeId === programme) ?? null
  return offers.reduce<VoucherOffer | null>(
    (best, offer) => (offer.shareFen > (best?.shareFen ?? 0) ? offer : best),
    null,
  )
}

/** 直接抵扣 / 先付后兑 / 不用券; two programmes of one mode are told apart by their names. */
export function programmeChoices(
  offers: readonly VoucherOffer[],
): { value: string; label: string }[] {
  const twice = (offer: VoucherOffer) => offers.filter((one) => one.mode === offer.mode).length > 1
  return [
    ...offers.map((offer) => ({
      value: offer.programmeId,
      label: twice(offer) ? offer.programmeName : programmeModeLabels[offer.mode],
    })),
    { value: 'none', label: '不用券' },
  ]
}

/** 材料消耗费 `¥60 × 1 样`, the others `¥120 × 4 h` by billed time. */
export function moneyLines(
  price: Quote['price'],
): { label: string; detail: string; amountFen: number }[] {
  return price.lines.map((line) => ({
    label: componentLabels[line.component],
    detail:
      line.component === 'material'
        ? `${yuanShort(line.rateFen)} × ${line.quantity} 样`
        : `${yuanShort(line.rateFen)} × ${hours(line.quantity)}`,
    amountFen: line.amountFen,
  }))
}

function hours(minutes: number): string {
  const tenths = minutes / 6
  return Number.isInteger(tenths) ? `${tenths / 10} h` : `${minutes} 分钟`
}

export type Seen = { totalFen: number; voucherFen: number }

/** What is different from what the person had seen, in words; empty when nothing is. */
export function quoteChanges(before: Seen, after: Seen & { reason: string | null }): string[] {
  const changes: string[] = []
  if (before.totalFen !== after.totalFen)
    changes.push(`费用 ${yuan(before.totalFen)} → ${yuan(after.totalFen)}`)
  if (before.voucherFen !== after.voucherFen) {
    const { reason } = after
    const why = reason !== null && isRefusalCode(reason) ? `（${refusals[reason].zh}）` : ''
    changes.push(`创新券 ${yuan(before.voucherFen)} → ${yuan(after.voucherFen)}${why}`)
  }
  return changes
}

export function minutesOf(span: Span): number {
  return (Date.parse(span.endsAt) - Date.parse(span.startsAt)) / MINUTE_MS
}
