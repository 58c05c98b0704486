import type { catalogueEndpoints } from '@yiqi/shared/catalogue/endpoints.ts'
import type { Team, TeamMember } from '@yiqi/shared/catalogue/endpoints-team.ts'
import { isAble } from '@yiqi/shared/catalogue/rules.ts'
import { type Position, positionLabels } from '@yiqi/shared/catalogue/terms.ts'
import { validityOn } from '@yiqi/shared/identity/rules-staff.ts'
import { isStaff } from '@yiqi/shared/identity/terms.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { type DateText, dateOf } from '@yiqi/shared/kernel/time.ts'
import type { Fragment } from '../kernel/connect.ts'
import { type Ctx, found } from '../kernel/ctx.ts'

/**
 * The team of an instrument: its size and who leads it for everybody, all of it for people of its
 * institution. Refuses catalogue.no_such_instrument.
 */
export async function getTeam(
  ctx: Ctx,
  input: InputOf<typeof catalogueEndpoints.getTeam>,
): Promise<Team> {
  const { team, institutionId } = await teamOf(ctx, input.id)
  return isOfInstitution(ctx, institutionId) ? team : { ...team, inner: null }
}

/** The same for who was asked already. Refuses catalogue.no_such_instrument. */
export async function readTeam(ctx: Ctx, instrumentId: string): Promise<Team> {
  return (await teamOf(ctx, instrumentId)).team
}

/**
 * The instrument of the acting person's institution, locked: two changes of one team come one after
 * the other. Refuses catalogue.no_such_instrument.
 */
export async function lockOwnInstrument(
  ctx: Ctx,
  instrumentId: string,
  institutionId: string,
): Promise<void> {
  const [row] = await ctx.sql`
    select from instruments
    where id = ${instrumentId} and institution_id = ${institutionId} for no key update`
  found(row, 'catalogue.no_such_instrument')
}

/** What the team's rules ask of its people. */
export type TeammateRow = {
  userId: string
  name: string
  leftOn: DateText | null
  isTechnician: boolean
  title: string | null
  position: Position
  licenceNumber: string | null
  licensedOn: DateText | null
  licenceExpiresOn: DateText | null
}

/** The people of a team: who leads, then by name, substitutes last. */
export function teammatesOf(ctx: Ctx, instrumentId: string): Promise<TeammateRow[]> {
  return ctx.sql<TeammateRow[]>`
    select t.user_id, u.name, coalesce(s.title, u.title) as title, s.left_on, t.position,
      t.licence_number, t.licensed_on, t.licence_expires_on,
      ${isTechnicianOf(ctx)} as is_technician
    from instrument_technicians t join instruments i on i.id = t.instrument_id
      join users u on u.id = t.user_id
      left join staff_records s on s.user_id = t.user_id and s.organisation_id = i.institution_id
    where t.instrument_id = ${instrumentId}
    order by t.position = 'lead' desc, t.position = 'substitute', u.name, u.id`
}

/** In a query on a team `t` of an instrument `i`: whether the person is its institution's. */
export function isTechnicianOf({ sql }: Ctx): Fragment {
  return sql`exists (select from memberships m where m.user_id = t.user_id
    and m.organisation_id = i.institution_id and m.role = 'technician')`
}

async function teamOf(
  ctx: Ctx,
  instrumentId: string,
): Promise<{ team: Team; institutionId: string }> {
  const [row] = await ctx.sql<
    { id: string; number: string; name: string; staffMin: number; institutionId: string }[]
  >`
    select id, number, name, staff_min, institution_id from instruments where id = ${instrumentId}`
  const { staffMin, institutionId, ...instrument } = found(row, 'catalogue.no_such_instrument')
  const today = dateOf(ctx.now())
  const members = (await teammatesOf(ctx, instrumentId)).map((one) => toMember(one, today))
  const lead = members.find((one) => one.position === 'lead')?.name ?? null
  const able = members.filter((one) => one.able).length
  const inner = { staffMin, able, members }
  return { team: { instrument, count: members.length, lead, inner }, institutionId }
}

function toMember(row: TeammateRow, today: DateText): TeamMember {
  const { leftOn, isTechnician, ...rest } = row
  return {
    ...rest,
    positionLabel: positionLabels[row.position],
    validity: row.licenceNumber === null ? 'none' : validityOn(row.licenceExpiresOn, today),
    able: isAble(row, today),
  }
}

function isOfInstitution({ actor }: Ctx, institutionId: string): boolean {
  if (actor.kind === 'job') return true
  if (actor.kind !== 'member' || actor.organisationId !== institutionId) return false
  return !isStaff(actor.role) || actor.strongAt !== null
}
