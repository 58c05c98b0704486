import type { Role } from '@yiqi/shared/identity/terms.ts'
import { Refusal, type RefusalCode } from '@yiqi/shared/kernel/refusals.ts'
import { type Fragment, inTransaction, type Sql } from './connect.ts'
import type { Log } from './log.ts'

/** Who acts: a person in one role of one organisation, a job, or nobody. */
export type Actor =
  | { kind: 'member'; userId: string; membershipId: string; organisationId: string; role: Role }
  | { kind: 'job'; name: string }
  | { kind: 'visitor' }

export type Member = Extract<Actor, { kind: 'member' }>

/** All that a verb may know of the world. */
export type Ctx = {
  sql: Sql
  actor: Actor
  /** The platform's clock; in a demonstration it may run ahead. */
  now: () => Date
  demo: boolean
  requestId: string
  log: Log
  /** In a verb of one call: takes the answer, gives the argument for the call. */
  keep?: (answer: unknown) => Fragment
}

/** The acting person, if their role is one of these; 401 for nobody, 403 for the wrong role. */
export function allow(ctx: Ctx, ...roles: readonly Role[]): Member {
  if (ctx.actor.kind !== 'member') throw new Refusal('identity.not_logged_in')
  if (!roles.includes(ctx.actor.role)) throw new Refusal('identity.role_missing')
  return ctx.actor
}

/** The acting person in any role. */
export function allowMember(ctx: Ctx): Member {
  if (ctx.actor.kind !== 'member') throw new Refusal('identity.not_logged_in')
  return ctx.actor
}

/** The person's id for history columns; null for jobs and visitors. */
export function actorId(ctx: Ctx): string | null {
  return ctx.actor.kind === 'member' ? ctx.actor.userId : null
}

/** Runs `fn` with a ctx whose database is one transaction; joins the one already open. */
export function transact<T>(ctx: Ctx, fn: (ctx: Ctx) => Promise<T>): Promise<T> {
  return inTransaction(ctx.sql, (sql) => fn({ ...ctx, sql }))
}

export function refuse(code: RefusalCode): never {
  throw new Refusal(code)
}

/** The row that must be there and be yours; otherwise it does not exist for you. */
export function found<T>(row: T | null | undefined, code: RefusalCode): T {
  if (row === null || row === undefined) throw new Refusal(code)
  return row
}

export function iso(at: Date): string {
  return at.toISOString()
}

export function isoOrNull(at: Date | null): string | null {
  return at === null ? null : at.toISOString()
}
