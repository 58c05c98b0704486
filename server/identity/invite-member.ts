import { randomBytes } from 'node:crypto'
import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import { INVITATION_DAYS, whyNotGive } from '@yiqi/shared/identity/rules.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { refuseIf } from '@yiqi/shared/kernel/refusals.ts'
import { addMinutes } from '@yiqi/shared/kernel/time.ts'
import { allow, type Ctx, iso } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { hashOfCode } from './queries-invitations.ts'

const CODE_BYTES = 16

/**
 * Makes an invitation to a role of the own organisation. Its code is in this answer and nowhere
 * else; who has it may accept once within seven days. Refuses identity.role_not_yours.
 */
export async function inviteMember(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.inviteMember>,
): Promise<OutputOf<typeof identityEndpoints.inviteMember>> {
  const { organisationId, userId, role: own } = allow(ctx, 'identity.inviteMember')
  refuseIf(whyNotGive(input.role, own))
  const code = randomBytes(CODE_BYTES).toString('hex')
  const expiresAt = addMinutes(ctx.now(), INVITATION_DAYS * 24 * 60)
  const [row] = await ctx.sql<{ id: string }[]>`
    insert into invitations (organisation_id, role, code_hash, order_limit_fen, month_limit_fen,
      invited_by, created_at, expires_at)
    values (${organisationId}, ${input.role}, ${hashOfCode(code)}, ${input.orderLimitFen ?? null},
      ${input.monthLimitFen ?? null}, ${userId}, ${ctx.now()}, ${expiresAt})
    returning id`
  const { id } = must(row, 'the invitation')
  await record(ctx, 'identity.member_invited', { subjectId: id, detail: { role: input.role } })
  return { id, code, path: `/j/${code}`, expiresAt: iso(expiresAt) }
}
