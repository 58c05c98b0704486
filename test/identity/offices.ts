import { randomUUID } from 'node:crypto'
import { registerOrganisation } from '@yiqi/server/identity/register-organisation.ts'
import { submitVerification } from '@yiqi/server/identity/submit-verification.ts'
import type { Actor, Ctx, Member } from '@yiqi/server/kernel/ctx.ts'
import type { Membership } from '@yiqi/shared/identity/endpoints-log-in.ts'
import type { Role } from '@yiqi/shared/identity/terms.ts'
import { act } from '../support/act.ts'
import { type Cast, START } from '../support/cast.ts'
import { testVault } from '../support/vault.ts'

// Beside the cast: the department's office, its service centre, and people without a role.

export const forgetting = { logIns: { forget: () => {} } }
/** Its check characters are right. */
export const USCC = '91141100MA0TEXT393'

export type Offices = Awaited<ReturnType<typeof newOffices>>

export async function newOffices(cast: Cast) {
  const office = await addDepartment(cast, '省科技资源共享办公室', 'province-office')
  const centre = await addDepartment(cast, '省科技资源共享服务中心', 'service-centre')
  return {
    office,
    centre,
    officer: await addMember(cast, office, 'platform-administrator'),
    security: await addMember(cast, office, 'security-administrator'),
    centreOfficer: {
      ...(await addMember(cast, centre, 'platform-administrator')),
      duties: [],
    } satisfies Member,
  }
}

async function addDepartment(cast: Cast, name: string, departmentKind: string): Promise<string> {
  const uscc = `00${randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase()}`
  const [row] = await cast.sql<{ id: string }[]>`
    insert into organisations (uscc, name, kind, department_kind)
    values (${uscc}, ${name}, 'department', ${departmentKind}) returning id`
  return row?.id ?? ''
}

let next = 13_800_000_001

/** Somebody who has logged in and has no role. */
export async function addPerson(cast: Cast, name = '新人') {
  const userId = randomUUID()
  const phone = String(next++)
  const sealed = await testVault.seal(cast.sql, { column: 'users.phone', rowId: userId }, phone)
  await cast.sql`
    insert into users (id, name, phone, phone_index)
    values (${userId}, ${name}, ${sealed}, ${testVault.indexOf('users.phone', phone)})`
  return { kind: 'person', userId, phone, logInId: null, strongAt: START } as const
}

export async function addMember(
  cast: Cast,
  organisationId: string,
  role: Role,
): Promise<Member & { phone: string; name: string }> {
  const name = `${role}`
  const { userId, phone } = await addPerson(cast, name)
  const [row] = await cast.sql<{ id: string }[]>`
    insert into memberships (user_id, organisation_id, role)
    values (${userId}, ${organisationId}, ${role}) returning id`
  const membershipId = row?.id ?? ''
  const seat = { userId, membershipId, organisationId, role }
  return { kind: 'member', ...seat, name, phone, logInId: null, strongAt: START, duties: null }
}

export function as(cast: Cast, actor: Actor): Ctx {
  return { ...cast.ctx(null), actor }
}

/** The person in a role they were just given. */
export function inRole(person: { userId: string }, { id, role, organisation }: Membership): Member {
  return {
    kind: 'member',
    userId: person.userId,
    membershipId: id,
    role,
    organisationId: organisation.id,
    logInId: null,
    strongAt: START,
    duties: null,
  }
}

/** An organisation registered by a new person, and the person as its administrator. */
export async function registered(cast: Cast, uscc = USCC, name = '示例光谱有限公司') {
  const person = await addPerson(cast)
  const given = {
    name,
    uscc,
    userKind: 'enterprise',
    city: '太原市',
    address: '示例街 1 号',
  } as const
  const membership = await act(
    as(cast, person),
    (ctx: Ctx, input: Parameters<typeof registerOrganisation>[1]) =>
      registerOrganisation(ctx, input, forgetting),
    { ...given, legalRepresentative: '丙' },
  )
  return { person, membership, admin: inRole(person, membership), id: membership.organisation.id }
}

export const application = (id: string, licenceFileId?: string) => ({
  id,
  legalRepresentative: '丙',
  shareholders: [{ name: '丙', percent: 60 }],
  ...(licenceFileId === undefined ? {} : { licenceFileId }),
  credentials: [],
})

/** The row of a scan; its content is the store's own promise. */
export async function addScan(
  cast: Cast,
  ownerId: string,
  change: Record<string, string | null> = {},
): Promise<string> {
  const id = randomUUID()
  const row = {
    id,
    organisationId: null,
    ownerId,
    purpose: 'licence',
    name: 'sealed',
    type: 'png',
    bytes: 10,
    sha256: 'x',
    state: 'clean',
    scan: 'none',
    storedAs: id,
    key: change.state === 'refused' ? null : 'sealed',
    createdAt: START,
    ...change,
  }
  await cast.sql`insert into files ${cast.sql(row)}`
  return id
}

/** Registered, and waiting for the officer. */
export async function submitted(cast: Cast, uscc = USCC, name?: string) {
  const claim = await registered(cast, uscc, name)
  const scan = await addScan(cast, claim.person.userId)
  const given = application(claim.id, scan)
  const verification = await act(as(cast, claim.admin), submitVerification, given)
  return { ...claim, verification }
}
