import { createHash } from 'node:crypto'
import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { Invitation } from '@yiqi/shared/identity/endpoints-members.ts'
import { type Role, roleLabels } from '@yiqi/shared/identity/terms.ts'
import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import type { Page } from '@yiqi/shared/kernel/schema.ts'
import { allow, type Ctx, found, iso, refuse } from '../kernel/ctx.ts'
import { pageBy, pageLimit, readCursor } from '../kernel/page.ts'

type InvitationRow = Omit<Invitation, 'roleLabel' | 'createdAt' | 'expiresAt'> & {
  createdAt: Date
  expiresAt: Date
}

/** Invitations of the own organisation, newest first; the codes themselves are nowhere. */
export async function listInvitations(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.listInvitations>,
): Promise<Page<Invitation>> {
  const { organisationId } = allow(ctx, 'identity.listInvitations')
  const limit = pageLimit(input.limit)
  const after = readCursor(input.cursor)?.[0] ?? null
  const rows = await ctx.sql<InvitationRow[]>`
    select * from (
      select i.id, i.role, i.order_limit_fen, i.month_limit_fen, i.created_at, i.expires_at,
        b.name as invited_by, a.name as accepted_by,
        case when i.accepted_at is not null then 'accepted'
          when i.revoked_at is not null then 'revoked'
          when i.expires_at <= ${ctx.now()} then 'over' else 'waiting' end as state
      from invitations i join users b on b.id = i.invited_by
        left join users a on a.id = i.accepted_by
      where i.organisation_id = ${organisationId}) i
    where (${input.state ?? null}::text is null or state = ${input.state ?? null})
      and (${after}::uuid is null or id < ${after})
    order by id desc limit ${limit + 1}`
  return pageBy(
    rows,
    limit,
    (row) => [row.id],
    (row) => ({
      ...row,
      roleLabel: roleLabels[row.role],
      createdAt: iso(row.createdAt),
      expiresAt: iso(row.expiresAt),
    }),
  )
}

/**
 * What the reader of a link must know to accept it, and nothing of the organisation beside its
 * name. Refuses identity.no_such_invitation, identity.invitation_over.
 */
export async function getInvitation(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.getInvitation>,
): Promise<OutputOf<typeof identityEndpoints.getInvitation>> {
  const [row] = await ctx.sql<
    { organisationName: string; role: Role; invitedBy: string; open: boolean }[]
  >`
    select o.name as organisation_name, i.role, u.name as invited_by,
      i.accepted_at is null and i.revoked_at is null and i.expires_at > ${ctx.now()} as open
    from invitations i join organisations o on o.id = i.organisation_id
      join users u on u.id = i.invited_by
    where i.code_hash = ${hashOfCode(input.code)}`
  const { organisationName, role, invitedBy, open } = found(row, 'identity.no_such_invitation')
  if (!open) refuse('identity.invitation_over')
  return { organisationName, roleLabel: roleLabels[role], invitedBy }
}

/** A code of 128 random bits needs no salt and no slow hash: nobody guesses it. */
export function hashOfCode(code: string): string {
  return createHash('sha256').update(code).digest('hex')
}
