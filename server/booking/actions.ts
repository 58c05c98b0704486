import { whyNotDecideSpending } from '@yiqi/shared/booking/rules.ts'
import type { BookingAction } from '@yiqi/shared/booking/terms.ts'
import { bookingRoles } from '@yiqi/shared/identity/terms.ts'
import { whyNotAllowed } from '@yiqi/shared/kernel/access.ts'
import { whyNotCheckIn } from '@yiqi/shared/session/rules.ts'
import { type Ctx, seatOf } from '../kernel/ctx.ts'
import type { BookingRow } from './queries.ts'

type Actionable = Pick<
  BookingRow,
  | 'state'
  | 'enterpriseId'
  | 'startsAt'
  | 'endsAt'
  | 'serviceMode'
  | 'holdExpiresAt'
  | 'billState'
  | 'programmeMode'
  | 'isTechnician'
  | 'institutionId'
  | 'requesterId'
  | 'approvalDueAt'
>

/**
 * What this viewer may do with the booking now. The verbs decide again; this only spares a useless
 * tap.
 */
export function actionsFor(ctx: Ctx, row: Actionable): BookingAction[] {
  if (ctx.actor.kind !== 'member') return []
  const { role, organisationId, userId } = ctx.actor
  // By role: an institution's own people book its instruments, and others of it serve them.
  if (bookingRoles.some((each) => each === role)) {
    if (organisationId !== row.enterpriseId) return []
    return [...approvalActions(ctx, row, userId), ...enterpriseActions(ctx, row)]
  }
  const mayAnswer = (role === 'technician' && row.isTechnician) || role === 'institution-manager'
  return mayAnswer && organisationId === row.institutionId ? institutionActions(ctx, row) : []
}

function approvalActions(ctx: Ctx, row: Actionable, userId: string): BookingAction[] {
  const decides = whyNotAllowed('booking.approveSpending', seatOf(ctx.actor)) === null
  return decides && whyNotDecideSpending(row, userId, ctx.now()) === null
    ? ['approveSpending', 'refuseSpending']
    : []
}

function enterpriseActions(ctx: Ctx, row: Actionable): BookingAction[] {
  switch (row.state) {
    case 'held':
      return row.holdExpiresAt !== null && row.holdExpiresAt > ctx.now()
        ? ['request', 'cancel']
        : []
    case 'awaiting_approval':
    case 'requested':
      return ['cancel']
    case 'confirmed':
      return row.serviceMode === 'self-operated' && whyNotCheckIn(row, ctx.now()) === null
        ? ['checkIn', 'cancel']
        : ['cancel']
    case 'running':
      return ['run']
    case 'finished':
      return ['agree']
    case 'closed':
      return [
        ...(row.billState === 'issued' || row.billState === 'partly_paid'
          ? (['pay'] as const)
          : []),
        ...(row.programmeMode === 'refund' ? (['claim'] as const) : []),
      ]
    default:
      return []
  }
}

function institutionActions(ctx: Ctx, row: Actionable): BookingAction[] {
  switch (row.state) {
    case 'requested':
      return ['confirm', 'decline']
    case 'confirmed':
      return row.isTechnician && whyNotCheckIn(row, ctx.now()) === null
        ? ['checkIn', 'cancel']
        : ['cancel']
    case 'running':
      return row.isTechnician ? ['run'] : []
    default:
      return []
  }
}
