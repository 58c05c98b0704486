import type { Offer } from '@yiqi/shared/booking/endpoints.ts'
import type { InstrumentCard } from '@yiqi/shared/catalogue/endpoints.ts'
import { yuanShort } from '@yiqi/shared/kernel/money.ts'
import { clock, dateOf, dayLabel, daysBetween, weekdayLabel } from '@yiqi/shared/kernel/time.ts'

/** Seven bars: free hours of each day, and the last character of its weekday. */
export function stripOf(days: Offer['days']): { freeHours: number[]; labels: string[] } {
  return {
    freeHours: days.map((day) => Math.round(day.freeMinutes / 6) / 10),
    labels: days.map((day) => weekdayLabel(day.date).slice(1)),
  }
}

/** 今天 14:00, 明天 09:00, 周四 13:30 within six days, else 12月3日 09:00. */
export function nextSlotWords(startsAt: string, now: Date): string {
  const at = new Date(startsAt)
  const day = dateOf(at)
  const ahead = daysBetween(dateOf(now), day)
  const near = ['今天', '明天', '后天'][ahead]
  const name = near ?? (ahead < 7 ? weekdayLabel(day) : (dayLabel(day).split(' ')[0] ?? day))
  return `${name} ${clock(at)}`
}

/** 答复约 18 分钟; null where nobody has been answered yet. */
export function answerWords(minutes: number | null): string | null {
  if (minutes === null) return null
  if (minutes < 60) return `答复约 ${Math.max(1, minutes)} 分钟`
  if (minutes < 48 * 60) return `答复约 ${Math.round(minutes / 60)} 小时`
  return `答复约 ${Math.round(minutes / 1440)} 天`
}

/** ¥400/小时; an instrument without a tariff says so. */
export function priceWords(pricePerHourFen: number | null): string {
  return pricePerHourFen === null ? '未公布收费' : `${yuanShort(pricePerHourFen)}/小时`
}

/** Whether anything can be had within the seven days of the strip. */
export function freeThisWeek(offer: Offer | undefined): boolean {
  return (
    offer !== undefined && offer.nextSlot !== null && offer.days.some((day) => day.freeMinutes > 0)
  )
}

/** 1,612 h; whole hours. */
export function hoursWords(hours: number | null): string {
  if (hours === null) return '—'
  return `${thousands(Math.round(hours))} h`
}

/** 368 万元, 49.8 万元. */
export function worthWords(worthFen: number | null): string {
  if (worthFen === null) return '—'
  const tenths = Math.round(worthFen / 100_000)
  const whole = tenths >= 1000 || tenths % 10 === 0
  return `${whole ? thousands(Math.round(tenths / 10)) : (tenths / 10).toFixed(1)} 万元`
}

function thousands(whole: number): string {
  return String(whole).replace(/\B(?=(\d{3})+$)/g, ',')
}

/**
 * What to show under 为你推荐: instruments with a free slot, soonest first, one of each kind
 * before a second of any, at most `count`.
 */
export function recommended(
  cards: readonly InstrumentCard[],
  offers: ReadonlyMap<string, Offer>,
  count: number,
): InstrumentCard[] {
  const startOf = (card: InstrumentCard) => offers.get(card.id)?.nextSlot?.startsAt ?? null
  const free = cards
    .filter((card) => startOf(card) !== null)
    .sort((a, b) => (startOf(a) ?? '').localeCompare(startOf(b) ?? ''))
  const kinds = new Set<string>()
  const first = free.filter((card) => {
    const kind = card.kind ?? card.classCode
    if (kinds.has(kind)) return false
    kinds.add(kind)
    return true
  })
  const rest = free.filter((card) => !first.includes(card))
  return [...first, ...rest].slice(0, count)
}

/**
 * At most `count` cards, the institutions taking turns, so that a large one does not fill the
 * list.
 */
export function takeTurns(cards: readonly InstrumentCard[], count: number): InstrumentCard[] {
  const byInstitution = new Map<string, InstrumentCard[]>()
  for (const card of cards) {
    const own = byInstitution.get(card.institution.id) ?? []
    byInstitution.set(card.institution.id, [...own, card])
  }
  const lists = [...byInstitution.values()]
  const rounds = Math.max(0, ...lists.map((list) => list.length))
  const turns = Array.from({ length: rounds }, (_, round) =>
    lists.flatMap((list) => list[round] ?? []),
  )
  return turns.flat().slice(0, count)
}

/** The offers of a list by instrument. */
export function offersById(rows: readonly Offer[]): Map<string, Offer> {
  return new Map(rows.map((offer) => [offer.instrumentId, offer]))
}
