import { createHash, randomBytes } from 'node:crypto'
import { isStaff } from '@yiqi/shared/identity/terms.ts'
import { Refusal } from '@yiqi/shared/kernel/refusals.ts'
import { audit } from './audit.ts'
import {
  type Actor,
  allowPerson,
  asActor,
  type Ctx,
  found,
  type Member,
  type Person,
  refuse,
  transact,
} from './ctx.ts'
import { record } from './events.ts'
import { type Opened, open, readable, type Store } from './file-reading.ts'
import { asStore, type FileRow } from './file-rows.ts'

export type LinkMade = { code: string; once: boolean; expiresAt: Date }

export const LINK_SECONDS = 120
const CODE_BYTES = 16
const CODE = /^[A-Za-z0-9_-]{22}$/

/**
 * A link to one file, for the person who asks and for 120 seconds: an opaque code of 128 random
 * bits, of which only the hash is kept. Works once where the file is protected, or where `once`
 * says so. Refuses identity.not_logged_in, identity.second_factor_needed, kernel.no_such_file,
 * kernel.file_quarantined.
 */
export async function linkTo(
  ctx: Ctx,
  store: Store,
  { fileId, once: asked = false }: { fileId: string; once?: boolean },
): Promise<LinkMade> {
  const actor = allowPerson(ctx)
  const file = await readable(ctx, store, fileId)
  const guarded = isProtected(store, file)
  if (guarded && lacksSecondFactor(actor)) refuse('identity.second_factor_needed')
  const code = randomBytes(CODE_BYTES).toString('base64url')
  const once = guarded || asked
  const expiresAt = new Date(ctx.now().getTime() + LINK_SECONDS * 1000)
  await ctx.sql`
    insert into file_links (code_hash, file_id, user_id, seat, once, expires_at)
    values (${hashOf(code)}, ${file.id}, ${actor.userId}, ${ctx.sql.json(seatOf(actor))}, ${once},
      ${expiresAt})`
  return { code, once, expiresAt }
}

/**
 * The file of a link. The code is all that is needed; a person who is logged in must be the one it
 * was made for. Asked again: whether the log-in and the role in which it was made still stand, and
 * whether the purpose still lets them read. Each opening is an event, of a protected file also an
 * entry of the audit record. Refuses kernel.link_over, kernel.no_such_file,
 * kernel.file_quarantined.
 */
export async function openLink(ctx: Ctx, store: Store, code: string): Promise<Opened> {
  if (!CODE.test(code)) throw new Refusal('kernel.link_over')
  const { file, reader } = await transact(ctx, async (tx) => {
    const link = found(
      await asStore(tx, (all) => useLink(all, ctx.actor, code)),
      'kernel.link_over',
    )
    const actor = found(await asStore(tx, (all) => actorNow(all, link)), 'kernel.link_over')
    return asActor({ ...tx, actor }, async (own) => {
      const row = await readable(own, store, link.fileId)
      const about = { subjectId: row.id, detail: { purpose: row.purpose, bytes: row.bytes } }
      await record(own, 'file.opened', about)
      if (isProtected(store, row))
        await audit(own, { kind: 'protected', action: 'kernel.openFile', ...about })
      return { file: row, reader: actor }
    })
  })
  return open({ ...ctx, actor: reader }, store, file)
}

/** Who asked, as they were then: what of them an act is recorded with. */
type Seat = Remembered<Member> | Remembered<Person>
type Remembered<T> = Omit<T, 'strongAt'> & { strongAt: string | null }

type Link = { fileId: string; userId: string; seat: Seat }

async function useLink({ sql, now }: Ctx, actor: Actor, code: string): Promise<Link | null> {
  const user = 'userId' in actor ? actor.userId : null
  const [link] = await sql<Link[]>`
    update file_links set used_at = coalesce(used_at, ${now()})
    where code_hash = ${hashOf(code)} and expires_at > ${now()} and (not once or used_at is null)
      and (${user}::uuid is null or user_id = ${user})
    returning file_id, user_id, seat`
  return link ?? null
}

/** Null where the log-in has ended or the role was taken away. */
async function actorNow({ sql }: Ctx, { userId, seat }: Link): Promise<Actor | null> {
  const realNow = new Date(Date.now()) // log-ins live in real time
  const member = seat.kind === 'member' ? seat : null
  const [now] = await sql<{ inside: boolean; seated: boolean }[]>`
    select ${seat.logInId}::uuid is null or exists (
        select from log_ins where id = ${seat.logInId} and user_id = ${userId}
          and revoked_at is null and expires_at > ${realNow}) as inside,
      ${member === null} or exists (
        select from memberships where id = ${member?.membershipId ?? null} and user_id = ${userId}
          and organisation_id = ${member?.organisationId ?? null}
          and role = ${member?.role ?? null}) as seated`
  if (!now?.inside || !now.seated) return null
  return { ...seat, strongAt: seat.strongAt === null ? null : new Date(seat.strongAt) }
}

function seatOf(actor: Member | Person): Seat {
  const { userId, logInId } = actor
  const strongAt = actor.strongAt?.toISOString() ?? null
  if (actor.kind === 'person') return { kind: 'person', userId, logInId, strongAt }
  const { membershipId, organisationId, role, duties } = actor
  const person = { kind: 'member', userId, logInId, strongAt } as const
  return { ...person, membershipId, organisationId, role, duties }
}

function isProtected({ purposes }: Store, { purpose }: FileRow): boolean {
  return purposes.get(purpose)?.protected ?? true
}

/** What `allow` asks of staff. */
function lacksSecondFactor(actor: Member | Person): boolean {
  return actor.kind === 'member' && isStaff(actor.role) && actor.strongAt === null
}

/** The code has more bits than anybody can try: a plain hash is enough. */
function hashOf(code: string): string {
  return createHash('sha256').update(code).digest('base64url')
}
