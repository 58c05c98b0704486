import { isAtWork, validityOn } from '../identity/rules-staff.ts'
import type { RefusalCode } from '../kernel/refusals.ts'
import { addDays, clockOf, type DateText } from '../kernel/time.ts'
import type { Position, TeamAlarmKind } from './terms.ts'

// The team of an instrument: who may be in it, when they are on duty, and when it is too small.

/** How many days of the roster are looked at, from today. */
export const ROSTER_DAYS = 7
/** How far ahead duty is planned. */
export const DUTY_AHEAD_DAYS = 92

/** Minutes of a day, half-open: 08:30–12:00 is `[510, 720]`. */
export type Span = readonly [start: number, end: number]

export type Teammate = {
  userId: string
  name: string
  /** Still a technician of the institution. */
  isTechnician: boolean
  leftOn: DateText | null
  licenceExpiresOn: DateText | null
}

/**
 * Whether somebody counts as one of the team on a day: at work, and the licence, where one is
 * entered with an end, has not ended.
 */
export function isAble(person: Omit<Teammate, 'userId' | 'name'>, day: DateText): boolean {
  const { isTechnician, leftOn, licenceExpiresOn } = person
  if (!isTechnician || !isAtWork(leftOn, day)) return false
  return validityOn(licenceExpiresOn, day) !== 'expired'
}

/** Why somebody cannot stand in the team like this, or null; `leadId`: who leads it now. */
export function whyNotJoin(
  wish: LicenceWish & { userId: string; position: Position },
  facts: { isTechnician: boolean; leadId: string | null },
): RefusalCode | null {
  if (!facts.isTechnician) return 'catalogue.not_a_technician'
  const why = whyNotLicence(wish)
  if (why !== null) return why
  const isSecondLead =
    wish.position === 'lead' && facts.leadId !== null && facts.leadId !== wish.userId
  return isSecondLead ? 'catalogue.lead_exists' : null
}

export type LicenceWish = {
  licenceNumber: string | null
  licensedOn: DateText | null
  licenceExpiresOn: DateText | null
}

/** Why a licence cannot read so, or null: days need a number, and come in their order. */
export function whyNotLicence(wish: LicenceWish): RefusalCode | null {
  const { licenceNumber, licensedOn, licenceExpiresOn } = wish
  if (licenceNumber === null && (licensedOn !== null || licenceExpiresOn !== null))
    return 'catalogue.licence_without_number'
  const isReversed =
    licensedOn !== null && licenceExpiresOn !== null && licenceExpiresOn < licensedOn
  return isReversed ? 'identity.dates_reversed' : null
}

export type DutyWish = {
  userId: string
  onDate: DateText
  startsMinute: number
  endsMinute: number
  substituteFor: string | null
}

/**
 * Why this duty cannot be planned, or null. An expired licence is no reason: it alarms. Whether the
 * person is on duty elsewhere only the database knows.
 */
export function whyNotPlan(
  wish: DutyWish,
  team: readonly Pick<Teammate, 'userId' | 'leftOn' | 'isTechnician'>[],
  today: DateText,
): RefusalCode | null {
  if (wish.startsMinute >= wish.endsMinute) return 'catalogue.duty_minutes'
  if (wish.onDate < today) return 'catalogue.duty_in_past'
  if (wish.onDate > addDays(today, DUTY_AHEAD_DAYS)) return 'catalogue.duty_too_far'
  const person = team.find((one) => one.userId === wish.userId)
  if (person === undefined) return 'catalogue.not_in_team'
  if (!person.isTechnician || !isAtWork(person.leftOn, wish.onDate)) return 'catalogue.member_left'
  const { substituteFor } = wish
  if (substituteFor === null) return null
  const replaced = substituteFor !== wish.userId && team.some((one) => one.userId === substituteFor)
  return replaced ? null : 'catalogue.not_in_team'
}

/** Why a planned duty cannot be taken back, or null: what was is kept. */
export function whyNotCancelDuty(onDate: DateText, today: DateText): RefusalCode | null {
  return onDate < today ? 'catalogue.duty_in_past' : null
}

export type Gap = { onDate: DateText; startsMinute: number; endsMinute: number }

export type TeamAlarm = {
  kind: TeamAlarmKind
  /** What tells two alarms of a kind of one instrument apart; '' where there is one. */
  about: string
  /** Whose licence. */
  userId: string | null
  /** In words: how many, who, which hours. */
  detail: string
  gaps: Gap[]
}

export type TeamFacts = {
  staffMin: number
  team: readonly Teammate[]
  /** Of the days that are looked at. */
  duty: readonly { userId: string; onDate: DateText; startsMinute: number; endsMinute: number }[]
  /** Open hours of those days. */
  open: readonly { day: DateText; spans: readonly Span[] }[]
}

/**
 * What is wrong with a team now: fewer people than the minimum today, open hours of the roster that
 * nobody able covers (only where there is a roster), licences that have ended or end within 30
 * days. What is over of today is not looked at.
 */
export function alarmsOf(facts: TeamFacts, now: { today: DateText; minute: number }): TeamAlarm[] {
  return [
    ...belowMinimum(facts, now.today),
    ...dutyUncovered(facts, now),
    ...licencesEnding(facts, now.today),
  ]
}

function belowMinimum({ staffMin, team }: TeamFacts, today: DateText): TeamAlarm[] {
  const able = team.filter((one) => isAble(one, today)).length
  if (able >= staffMin) return []
  const detail = `可上岗 ${able} 人，最少 ${staffMin} 人`
  return [{ kind: 'below-minimum', about: '', userId: null, detail, gaps: [] }]
}

function dutyUncovered(
  { team, duty, open }: TeamFacts,
  { today, minute }: { today: DateText; minute: number },
): TeamAlarm[] {
  if (duty.length === 0) return []
  const gaps = open.flatMap(({ day, spans }): Gap[] => {
    const ahead = day === today ? after(spans, minute) : spans
    const covered = duty
      .filter((one) => one.onDate === day)
      .filter((one) => team.some((mate) => mate.userId === one.userId && isAble(mate, day)))
      .map((one): Span => [one.startsMinute, one.endsMinute])
    return uncovered(ahead, covered).map(([startsMinute, endsMinute]) => {
      return { onDate: day, startsMinute, endsMinute }
    })
  })
  if (gaps.length === 0) return []
  const detail = gaps.slice(0, GAPS_TOLD).map(gapWords).join('、')
  const rest = gaps.length > GAPS_TOLD ? ` 等 ${gaps.length} 段` : ''
  return [{ kind: 'duty-uncovered', about: '', userId: null, detail: `${detail}${rest}`, gaps }]
}

const GAPS_TOLD = 3

/** 11-26 14:00–18:00 */
export function gapWords({ onDate, startsMinute, endsMinute }: Gap): string {
  return `${onDate.slice(5)} ${clockOf(startsMinute)}–${clockOf(endsMinute)}`
}

function after(spans: readonly Span[], minute: number): Span[] {
  return spans.flatMap(([start, end]): Span[] =>
    end <= minute ? [] : [[Math.max(start, minute), end]],
  )
}

/** What of `open` none of `covered` covers, in order. Touching spans leave nothing between. */
export function uncovered(open: readonly Span[], covered: readonly Span[]): Span[] {
  const sorted = [...covered].sort((a, b) => a[0] - b[0])
  return open.flatMap(([start, end]) => {
    const gaps: Span[] = []
    let from = start
    for (const [begins, ends] of sorted) {
      if (begins >= end) break
      if (begins > from) gaps.push([from, begins])
      from = Math.max(from, ends)
    }
    if (from < end) gaps.push([from, end])
    return gaps
  })
}

function licencesEnding({ team }: TeamFacts, today: DateText): TeamAlarm[] {
  return team.flatMap((one): TeamAlarm[] => {
    const { userId, name, licenceExpiresOn, isTechnician, leftOn } = one
    if (licenceExpiresOn === null || !isTechnician || !isAtWork(leftOn, today)) return []
    const validity = validityOn(licenceExpiresOn, today)
    if (validity === 'valid') return []
    return [
      {
        kind: validity === 'expired' ? 'licence-expired' : 'licence-expiring',
        about: `${userId} ${licenceExpiresOn}`,
        userId,
        detail: `${name}，有效期至 ${licenceExpiresOn}`,
        gaps: [],
      },
    ]
  })
}
