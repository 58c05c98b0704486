import { type Position, positionLabels } from '@yiqi/shared/catalogue/terms.ts'
import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type {
  Licence,
  StaffRecord,
  StaffRow,
  Training,
} from '@yiqi/shared/identity/endpoints-staff.ts'
import { isAtWork, validityOn } from '@yiqi/shared/identity/rules-staff.ts'
import {
  type Establishment,
  establishmentLabels,
  type TrainingKind,
  type TrainingResult,
  trainingKindLabels,
  trainingResultLabels,
} from '@yiqi/shared/identity/terms-staff.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import type { Page } from '@yiqi/shared/kernel/schema.ts'
import { type DateText, dateOf } from '@yiqi/shared/kernel/time.ts'
import type { Fragment } from '../kernel/connect.ts'
import { type Allowed, allow, type Ctx, found } from '../kernel/ctx.ts'
import { pageBy, pageLimit, readCursor } from '../kernel/page.ts'

const DETAIL_MAX = 200

/**
 * The laboratory staff by name: who is in the register, and technicians who are not yet. A
 * technician sees the own entry, an institution its own people, a supervisor and an auditor all.
 */
export async function listStaff(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.listStaff>,
): Promise<Page<StaffRow>> {
  const who = allow(ctx, 'identity.listStaff')
  const limit = pageLimit(input.limit)
  const [afterName, afterId] = readCursor(input.cursor) ?? []
  const q = (input.q ?? '').trim()
  const rows = await staffWhere(
    ctx,
    ctx.sql`
      ${seenBy(ctx, who, input.organisationId)}
      and (${q} = '' or position(${q} in u.name) > 0)
      and (${afterName ?? null}::text is null
        or (u.name, e.id::text) > (${afterName ?? ''}, ${afterId ?? ''}))`,
    limit + 1,
  )
  const today = dateOf(ctx.now())
  return pageBy(
    rows,
    limit,
    (row) => [row.name, row.id],
    (row) => toStaffRow(row, today),
  )
}

/**
 * One person with trainings and licences; of several institutions, the entry of the one asked for,
 * else the one joined last. Refuses identity.no_such_person.
 */
export async function getStaffRecord(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.getStaffRecord>,
): Promise<StaffRecord> {
  const who = allow(ctx, 'identity.getStaffRecord')
  const ofThem = ctx.sql`
    e.user_id = ${input.userId} and ${seenBy(ctx, who, input.organisationId)}`
  return recordWhere(ctx, ofThem)
}

/** The same of one institution, without asking who reads. Refuses identity.no_such_person. */
export function readStaffRecord(
  ctx: Ctx,
  { userId, organisationId }: { userId: string; organisationId: string },
): Promise<StaffRecord> {
  return recordWhere(ctx, ctx.sql`e.user_id = ${userId} and e.organisation_id = ${organisationId}`)
}

async function recordWhere(ctx: Ctx, condition: Fragment): Promise<StaffRecord> {
  const rows = await staffWhere(ctx, condition, DETAIL_MAX)
  const joined = (row: StaffFacts) => `${row.registered ? 1 : 0} ${row.joinedOn ?? ''}`
  const [latest] = rows.toSorted((a, b) => (joined(a) < joined(b) ? 1 : -1))
  const row = found(latest, 'identity.no_such_person')
  const today = dateOf(ctx.now())
  const organisationId = row.organisation.id
  return {
    ...toStaffRow(row, today),
    trained: row.registered ? await trainingsOf(ctx, row.id, today) : [],
    teams: await teamsOf(ctx, { userId: row.userId, organisationId }, today),
  }
}

/** In a query on entries `e`: those that the person may see, of one institution if asked for. */
function seenBy(ctx: Ctx, who: Allowed, organisationId: string | undefined): Fragment {
  const asked = organisationId ?? null
  const ofAsked = ctx.sql`(${asked}::uuid is null or e.organisation_id = ${asked})`
  switch (who.relation) {
    case 'all':
      return ofAsked
    case 'own':
      return ctx.sql`e.user_id = ${who.userId} and ${ofAsked}`
    default:
      return ctx.sql`e.organisation_id = ${who.organisationId} and ${ofAsked}`
  }
}

type StaffFacts = Pick<
  StaffRow,
  | 'id'
  | 'userId'
  | 'name'
  | 'organisation'
  | 'registered'
  | 'post'
  | 'title'
  | 'joinedOn'
  | 'leftOn'
  | 'trainings'
  | 'instruments'
  | 'licences'
  | 'nextExpiry'
> & { establishment: Establishment | null }

/** Of a training that is held again and again only the last counts. */
function staffWhere(ctx: Ctx, condition: Fragment, limit: number): Promise<StaffFacts[]> {
  return ctx.sql<StaffFacts[]>`
    select e.*, u.name, coalesce(e.own_title, u.title) as title,
      json_build_object('id', o.id, 'name', o.name) as organisation,
      (select count(*) from trainings t where t.staff_record_id = e.id) as trainings,
      teams.instruments, teams.licences, least(teams.expires_on, (
        select min(last.expires_on) from (select max(t.expires_on) as expires_on
          from trainings t where t.staff_record_id = e.id group by t.kind, t.name) last)
      ) as next_expiry
    from (
      select s.id, s.user_id, s.organisation_id, true as registered, s.post,
          s.title as own_title, s.establishment, s.joined_on, s.left_on
        from staff_records s
      union all
      select m.id, m.user_id, m.organisation_id, false, null, null, null, null, null
        from memberships m where m.role = 'technician' and not exists (
          select from staff_records s
          where s.user_id = m.user_id and s.organisation_id = m.organisation_id)
    ) e
      join users u on u.id = e.user_id join organisations o on o.id = e.organisation_id
      cross join lateral (
        select count(*) as instruments, count(x.licence_number) as licences,
          min(x.licence_expires_on) as expires_on
        from instrument_technicians x join instruments i on i.id = x.instrument_id
        where x.user_id = e.user_id and i.institution_id = e.organisation_id) teams
    where ${condition} order by u.name, e.id::text limit ${limit}`
}

function toStaffRow(row: StaffFacts, today: DateText): StaffRow {
  const { establishment, leftOn, nextExpiry } = row
  return {
    id: row.id,
    userId: row.userId,
    name: row.name,
    organisation: row.organisation,
    registered: row.registered,
    post: row.post,
    title: row.title,
    establishment,
    establishmentLabel: establishment === null ? null : establishmentLabels[establishment],
    joinedOn: row.joinedOn,
    leftOn,
    atWork: isAtWork(leftOn, today),
    trainings: row.trainings,
    instruments: row.instruments,
    licences: row.licences,
    nextExpiry,
    validity: row.licences + row.trainings === 0 ? 'none' : validityOn(nextExpiry, today),
  }
}

type TrainingRow = Omit<Training, 'kindLabel' | 'resultLabel' | 'validity'> & {
  kind: TrainingKind
  result: TrainingResult
}

async function trainingsOf(ctx: Ctx, recordId: string, today: DateText): Promise<Training[]> {
  const rows = await ctx.sql<TrainingRow[]>`
    select t.id, t.kind, t.name, t.hours, t.held_on, t.result, t.expires_on, u.name as recorded_by
    from trainings t left join users u on u.id = t.recorded_by
    where t.staff_record_id = ${recordId} order by t.held_on desc, t.id desc limit ${DETAIL_MAX}`
  return rows.map((row) => ({
    ...row,
    kindLabel: trainingKindLabels[row.kind],
    resultLabel: trainingResultLabels[row.result],
    validity: validityOn(row.expiresOn, today),
  }))
}

type TeamRow = Omit<Licence, 'positionLabel' | 'validity'> & { position: Position }

async function teamsOf(
  ctx: Ctx,
  { userId, organisationId }: { userId: string; organisationId: string },
  today: DateText,
): Promise<Licence[]> {
  const rows = await ctx.sql<TeamRow[]>`
    select json_build_object('id', i.id, 'number', i.number, 'name', i.name) as instrument,
      t.position, t.licence_number, t.licensed_on, t.licence_expires_on
    from instrument_technicians t join instruments i on i.id = t.instrument_id
    where t.user_id = ${userId} and i.institution_id = ${organisationId}
    order by i.number limit ${DETAIL_MAX}`
  return rows.map((row) => ({
    ...row,
    positionLabel: positionLabels[row.position],
    validity: row.licenceNumber === null ? 'none' : validityOn(row.licenceExpiresOn, today),
  }))
}
