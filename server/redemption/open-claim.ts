import { must } from '@yiqi/shared/kernel/assert.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import type { Claim, redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { allow, type Ctx, refuse } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { claimableScope, getClaim } from './queries.ts'
import { unclaimedWhere } from './queries-facts.ts'

/**
 * 开始申报: the claimant opens a claim for an agreed session at its agreed voucher share; the
 * evidence fills itself. Refuses `redemption.not_claimable`, `redemption.already_claimed`.
 */
export async function openClaim(
  ctx: Ctx,
  input: InputOf<typeof redemptionEndpoints.openClaim>,
): Promise<Claim> {
  const { userId } = allow(ctx, 'redemption.openClaim')
  const scope = claimableScope(ctx)
  const [service] = await unclaimedWhere(ctx, ctx.sql`b.id = ${input.bookingId} and ${scope}`, 1)
  if (!service) refuse(await whyNotOpen(ctx, input.bookingId))
  const payeeId = service.mode === 'deduct' ? service.institutionId : service.enterpriseId
  const [claim] = await ctx.sql<{ id: string }[]>`
    insert into claims (number, booking_id, programme_id, enterprise_id, institution_id, payee_id,
      state,
      amount_fen, created_by, created_at)
    values (next_number('DF', 'claim_number_seq', ${ctx.now()}), ${service.bookingId},
      ${service.programmeId}, ${service.enterpriseId}, ${service.institutionId}, ${payeeId},
        'draft',
      ${must(service.voucherFen, 'the share of an agreed session')}, ${userId}, ${ctx.now()})
    returning id`
  const { id } = must(claim, 'the claim')
  await record(ctx, 'claim.opened', { subjectId: id, bookingId: service.bookingId })
  return getClaim(ctx, { id })
}

/** Claimed already by the viewer's own organisation, or not to be claimed at all. */
async function whyNotOpen(ctx: Ctx, bookingId: string) {
  const { organisationId } = allow(ctx, 'redemption.openClaim')
  const [claimed] = await ctx.sql`
    select 1 from claims where booking_id = ${bookingId} and payee_id = ${organisationId}
      and state not in ('withdrawn', 'rejected')`
  return claimed ? ('redemption.already_claimed' as const) : ('redemption.not_claimable' as const)
}
