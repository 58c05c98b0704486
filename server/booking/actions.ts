import type { BookingAction } from '@yiqi/shared/booking/terms.ts'
import { whyNotCheckIn } from '@yiqi/shared/session/rules.ts'
import type { Ctx } from '../kernel/ctx.ts'
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
>

/**
 * What this viewer may do with the booking now. The verbs decide again; this only spares a useless
 * tap.
 */
export function actionsFor(ctx: Ctx, row: Actionable): BookingAction[] {
  if (ctx.actor.kind !== 'member') return []
  if (ctx.actor.organisationId === row.enterpriseId) return enterpriseActions(ctx, row)
  const mayAnswer = row.isTechnician || ctx.actor.role === 'institution-manager'
  return mayAnswer ? institutionActions(ctx, row) : []
}

function enterpriseActions(ctx: Ctx, row: Actionable): BookingAction[] {
  switch (row.state) {
    case 'held':
      return row.holdExpiresAt !== null && row.holdExpiresAt > ctx.now()
        ? ['request', 'cancel']
        : []
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
