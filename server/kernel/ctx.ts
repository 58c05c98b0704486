import { isStaff, type Role } from '@yiqi/shared/identity/terms.ts'
import {
  type Action,
  type Duty,
  type Relation,
  relationOf,
  ruleOf,
  type Seat,
  whyNotAllowed,
} from '@yiqi/shared/kernel/access.ts'
import { Refusal, type RefusalCode } from '@yiqi/shared/kernel/refusals.ts'
import { type Fragment, inTransaction, type Sql } from './connect.ts'
import type { Log } from './log.ts'
import type { Vault } from './vault.ts'

/** Who acts: a person in one role of one organisation, a person without one, a job, or nobody. */
export type Actor = Member | Person | { kind: 'job'; name: string } | { kind: 'visitor' }

/** A person in one role of one organisation. */
export type Member = Omit<Person, 'kind'> & {
  kind: 'member'
  membershipId: string
  organisationId: string
  role: Role
  /** What the department delegated to the member's organisation; null: it needs no delegation. */
  duties: readonly Duty[] | null
}

/** Who may, and how near the object must be; null: the verb says. */
export type Allowed = Member & { relation: Relation | null }

/** Who is logged in without a role: nobody has invited them yet, or the role ended. */
export type Person = {
  kind: 'person'
  userId: string
  /** Null only where no log-in stands behind the act: demonstration, tests, command line. */
  logInId: string | null
  /** When a second factor was last given, in real time. */
  strongAt: Date | null
}

/** All that a verb may know of the world. */
export type Ctx = {
  sql: Sql
  actor: Actor
  /** The platform's clock; in a demonstration it may run ahead. */
  now: () => Date
  demo: boolean
  requestId: string
  /** The client's address, shortened; null where there is no request. */
  address: string | null
  log: Log
  vault: Vault
  /** In a verb of one call: takes the answer, gives the argument for the call. */
  keep?: (answer: unknown) => Fragment
}

/**
 * The acting person, if the access table lets their role do this; `relation` says how near the
 * object must be. Refuses identity.not_logged_in, identity.role_missing, identity.not_delegated,
 * identity.second_factor_needed.
 */
export function allow(ctx: Ctx, action: Action): Allowed {
  const { actor } = ctx
  const why = whyNotAllowed(action, seatOf(actor))
  if (why !== null) throw new Refusal(why)
  if (actor.kind !== 'member') throw new Refusal('identity.role_missing')
  if (ruleOf(action).who !== 'person' && isStaff(actor.role) && actor.strongAt === null)
    throw new Refusal('identity.second_factor_needed')
  return { ...actor, relation: relationOf(action, actor.role) }
}

/** Who is logged in, with or without a role. Refuses identity.not_logged_in. */
export function allowPerson(ctx: Ctx): Person | Member {
  if (ctx.actor.kind !== 'member' && ctx.actor.kind !== 'person')
    throw new Refusal('identity.not_logged_in')
  return ctx.actor
}

/** What the access table is asked with: undefined for nobody. A job asks no table. */
export function seatOf(actor: Actor): Seat | null | undefined {
  switch (actor.kind) {
    case 'member':
      return actor
    case 'person':
      return null
    default:
      return undefined
  }
}

/** The person's id for history columns; null for jobs and visitors. */
export function actorId(ctx: Ctx): string | null {
  return 'userId' in ctx.actor ? ctx.actor.userId : null
}

/** Runs `fn` with a ctx whose database is one transaction; joins the one already open. */
export function transact<T>(ctx: Ctx, fn: (ctx: Ctx) => Promise<T>): Promise<T> {
  return inTransaction(ctx.sql, (sql) => fn({ ...ctx, sql }))
}

/**
 * The same, with the database told who asks: what row-level security keeps from others it shows to
 * them.
 */
export function asActor<T>(ctx: Ctx, fn: (ctx: Ctx) => Promise<T>): Promise<T> {
  return transact(ctx, async (tx) => {
    await tx.sql`select ${actingAs(tx)}`
    return fn(tx)
  })
}

/** The call that tells the database who asks, for one transaction. */
export function actingAs({ sql, actor }: Pick<Ctx, 'sql' | 'actor'>): Fragment {
  const member = actor.kind === 'member' ? actor : null
  const role = member?.role ?? (actor.kind === 'job' ? 'job' : '')
  return sql`act_as(${'userId' in actor ? actor.userId : ''}, ${member?.organisationId ?? ''},
    ${role})`
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
