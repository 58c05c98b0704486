import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import { roleLabels } from '@yiqi/shared/identity/terms.ts'
import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { type Ctx, found, refuse } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { demoRoles } from './demo-people.ts'
import { describeLogIn, seatsOfPeople } from './queries.ts'
import type { Tokens } from './tokens.ts'

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
  { tokens }: { tokens: Tokens },
): Promise<OutputOf<typeof identityEndpoints.logInAsDemo>> {
  if (!ctx.demo) refuse('identity.demo_off')
  if (!demoRoles.some((each) => each.personId === input.personId)) refuse('identity.no_such_person')
  const [seat] = await seatsOfPeople(ctx, [input.personId])
  const owner = found(seat, 'identity.no_such_person')
  await record(ctx, 'identity.logged_in', { subjectId: owner.userId })
  return describeLogIn(ctx, owner, await tokens.issue(owner))
}
