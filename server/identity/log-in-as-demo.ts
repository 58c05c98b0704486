import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import { roleLabels } from '@yiqi/shared/identity/terms.ts'
import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { allowPerson, type Ctx, found, refuse } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { demoRoles } from './demo-people.ts'
import { type LogIns, openLogIn } from './log-ins.ts'
import { seatsOfPeople } from './queries.ts'
import { stepAt, totpAt } from './totp.ts'

/**
 * The people of the tour that are in the register. Refuses identity.demo_off outside a
 * demonstration.
 */
export async function listDemoRoles(
  ctx: Ctx,
  _input: InputOf<typeof identityEndpoints.listDemoRoles>,
): Promise<OutputOf<typeof identityEndpoints.listDemoRoles>> {
  if (!ctx.demo) refuse('identity.demo_off')
  const seats = await seatsOfPeople(
    ctx,
    demoRoles.map((each) => each.personId),
  )
  const rows = demoRoles.flatMap(({ personId, task }) => {
    const seat = seats.find((each) => each.personId === personId)
    if (!seat) return []
    const { name, role, organisationName } = seat
    return [{ personId, name, role, roleLabel: roleLabels[role], organisationName, task }]
  })
  return { rows }
}

/**
 * Logs in as one of the people of the tour, without a code; nobody else can be logged in as.
 * Refuses: identity.demo_off, identity.no_such_person.
 */
export async function logInAsDemo(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.logInAsDemo>,
  { logIns }: { logIns: LogIns },
): Promise<OutputOf<typeof identityEndpoints.logInAsDemo>> {
  if (!ctx.demo) refuse('identity.demo_off')
  if (!demoRoles.some((each) => each.personId === input.personId)) refuse('identity.no_such_person')
  const [seat] = await seatsOfPeople(ctx, [input.personId])
  const owner = found(seat, 'identity.no_such_person')
  await record(ctx, 'identity.logged_in', { subjectId: owner.userId })
  return openLogIn(ctx, logIns, {
    ...owner,
    channel: 'demo',
    device: input.device ?? '演示',
    methods: ['demo'],
    strong: true,
  })
}

/**
 * What the code generator of a demonstration person shows now, so that the tour can step up; null
 * for who has none. Refuses identity.demo_off outside a demonstration.
 */
export async function getDemoCode(
  ctx: Ctx,
  _input: InputOf<typeof identityEndpoints.getDemoCode>,
): Promise<OutputOf<typeof identityEndpoints.getDemoCode>> {
  const { userId } = allowPerson(ctx)
  if (!ctx.demo) refuse('identity.demo_off')
  const [row] = await ctx.sql<{ id: string; secret: string; personId: string | null }[]>`
    select f.id, f.secret, u.person_id from factors f join users u on u.id = f.user_id
    where f.user_id = ${userId} and f.confirmed_at is not null`
  if (!demoRoles.some((each) => each.personId === row?.personId)) return { code: null }
  const { id, secret } = found(row, 'identity.no_such_factor')
  const cell = { column: 'factors.secret', rowId: id } as const
  const bytes = Buffer.from(await ctx.vault.unseal(ctx.sql, cell, secret), 'base64')
  return { code: totpAt(bytes, stepAt(Date.now())) }
}
