import { actorId, type Ctx } from './ctx.ts'

/** What the audit record is kept of: who may do what, money, and data that is protected. */
export const auditKinds = ['permission', 'money', 'protected'] as const
export type AuditKind = (typeof auditKinds)[number]

/** Ids, words of state, amounts and hashes; never contents, names or numbers of people. */
export type AuditDetail = Record<string, string | number | boolean | null | readonly string[]>

/**
 * Writes one entry of the audit record in the writer's transaction: who from `ctx`, what and on
 * whom from the caller. The entry gets its link of the chain when the transaction commits; nobody
 * changes or deletes it afterwards. Transfers are in the chain themselves and need no entry.
 */
export async function audit(
  ctx: Ctx,
  about: { kind: AuditKind; action: string; subjectId: string; detail?: AuditDetail },
): Promise<void> {
  const { actor } = ctx
  const member = actor.kind === 'member' ? actor : null
  await ctx.sql`
    insert into audit_entries (at, kind, action, actor_id, job, role, organisation_id, log_in_id,
      subject_id, detail, address, request_id)
    values (${ctx.now()}, ${about.kind}, ${about.action}, ${actorId(ctx)},
      ${actor.kind === 'job' ? actor.name : null}, ${member?.role ?? null},
      ${member?.organisationId ?? null}, ${'logInId' in actor ? actor.logInId : null},
      ${about.subjectId}, ${ctx.sql.json(about.detail ?? {})}, ${ctx.address}, ${ctx.requestId})`
}
