import { createHash } from 'node:crypto'
import type { LogIn, Me } from '@yiqi/shared/identity/endpoints-log-in.ts'
import type { LogInChannel, Role } from '@yiqi/shared/identity/terms.ts'
import type { Duty } from '@yiqi/shared/kernel/access.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import { Refusal } from '@yiqi/shared/kernel/refusals.ts'
import { dateOf } from '@yiqi/shared/kernel/time.ts'
import { audit } from '../kernel/audit.ts'
import type { Sql } from '../kernel/connect.ts'
import { type Actor, type Ctx, iso } from '../kernel/ctx.ts'
import type { ActingFor } from '../kernel/serve.ts'
import { readMe } from './queries.ts'
import type { Tokens } from './tokens.ts'

/** Nothing remembered of a log-in is older: an end or a new role counts everywhere by then. */
const REMEMBER_MS = 5_000
const REMEMBERED_MAX = 10_000
const DAY_MS = 24 * 3_600_000
/** The end of a log-in at the latest; who serves others logs in every day. */
const LIVES_MS = { person: 60 * DAY_MS, staff: DAY_MS, demo: 12 * 3_600_000 } as const

export type LogIns = {
  tokens: Tokens
  /** The person behind an access token; refuses identity.not_logged_in, identity.token_expired. */
  actorOf: (sql: Sql, token: string, how: ActingFor) => Promise<Actor>
  /** Forgets what this process remembers of a log-in. */
  forget: (logInId: string) => void
}

export type NewLogIn = {
  userId: string
  membershipId: string | null
  channel: LogInChannel
  device: string
  /** How the person proved who they are (RFC 8176 where it has a word). */
  methods: readonly string[]
  strong: boolean
}

/** What stands behind access tokens: log-ins, read from the database at most every five seconds. */
export function makeLogIns(tokens: Tokens, rememberMs = REMEMBER_MS): LogIns {
  const verified = makeMemory<{ userId: string; logInId: string }>()
  const actors = makeMemory<Actor>()
  return {
    tokens,
    forget: (logInId) => actors.forget((name) => name.startsWith(logInId)),
    actorOf: async (sql, token, { membershipId, fresh }) => {
      const digest = createHash('sha256').update(token).digest('base64url')
      let owner = verified.get(digest)
      if (owner === null) {
        const read = await tokens.verify(token)
        owner = read
        verified.set(digest, read, read.expiresAtMs - Date.now())
      }
      const name = `${owner.logInId} ${membershipId ?? ''}`
      const known = fresh ? null : actors.get(name)
      if (known !== null) return known
      const actor = await readActor(sql, owner, membershipId)
      actors.set(name, actor, rememberMs)
      return actor
    },
  }
}

type ActorRow = {
  strongAt: Date | null
  membershipId: string | null
  organisationId: string
  role: Role
  duties: Duty[] | null
}

async function readActor(
  sql: Sql,
  { userId, logInId }: { userId: string; logInId: string },
  named: string | null,
): Promise<Actor> {
  const now = new Date(Date.now()) // log-ins live in real time
  const [row] = await sql<ActorRow[]>`
    select l.strong_at, m.id as membership_id, m.organisation_id, m.role,
      case when o.department_kind = 'service-centre' then array(
        select d.duty from delegations d where d.to_id = o.id and d.revoked_at is null
          and ${dateOf(now)} between d.valid_from and coalesce(d.valid_to, 'infinity')) end as duties
    from log_ins l
      left join memberships m on m.user_id = l.user_id
        and m.id = coalesce(${named}::uuid, l.membership_id)
      left join organisations o on o.id = m.organisation_id
    where l.id = ${logInId} and l.user_id = ${userId} and l.revoked_at is null
      and l.expires_at > ${now}`
  if (row === undefined) throw new Refusal('identity.not_logged_in')
  const { strongAt, membershipId, organisationId, role, duties } = row
  if (membershipId === null) {
    if (named !== null) throw new Refusal('identity.no_such_membership')
    return { kind: 'person', userId, logInId, strongAt }
  }
  return { kind: 'member', userId, logInId, strongAt, membershipId, organisationId, role, duties }
}

/** Begins a log-in and hands out its first tokens. */
export async function openLogIn(ctx: Ctx, logIns: LogIns, given: NewLogIn): Promise<LogIn> {
  const now = new Date(Date.now())
  const lives = given.channel === 'demo' ? LIVES_MS.demo : await livesMs(ctx, given.userId)
  const [row] = await ctx.sql<{ id: string }[]>`
    insert into log_ins (user_id, membership_id, channel, device, address, methods, created_at,
      seen_at, expires_at, strong_at, rotated_at)
    values (${given.userId}, ${given.membershipId}, ${given.channel}, ${given.device},
      ${ctx.address}, ${[...given.methods]}::text[], ${now}, ${now},
      ${new Date(now.getTime() + lives)}, ${given.strong ? now : null}, ${now})
    returning id`
  const { id } = must(row, 'the log-in')
  const detail = { logInId: id, channel: given.channel, methods: given.methods.join(' ') }
  const actor = { kind: 'person', userId: given.userId, logInId: id, strongAt: null } as const
  const entry = { kind: 'permission', action: 'identity.logIn', subjectId: given.userId } as const
  await audit({ ...ctx, actor }, { ...entry, detail })
  return describeLogIn(ctx, logIns, { ...given, id, generation: 0 })
}

/** Staff for a day, others for sixty. */
async function livesMs(ctx: Ctx, userId: string): Promise<number> {
  const [staff] = await ctx.sql`
    select from memberships where user_id = ${userId}
      and role not in ('enterprise-member', 'enterprise-admin', 'unit-member', 'unit-admin')
    limit 1`
  return staff ? LIVES_MS.staff : LIVES_MS.person
}

/** The answer to a log-in and to a refresh: tokens, and who they are for. */
export async function describeLogIn(
  ctx: Ctx,
  { tokens }: LogIns,
  logIn: { id: string; userId: string; methods: readonly string[]; generation: number },
): Promise<LogIn> {
  const me: Me = await readMe(ctx, { userId: logIn.userId, logInId: logIn.id })
  const { token, expiresAt } = await tokens.sign(logIn)
  const refreshToken = tokens.refreshToken(logIn.id, logIn.generation)
  return { token, expiresAt: iso(expiresAt), refreshToken, me }
}

/** Values by name, each for a while. */
function makeMemory<T>() {
  const kept = new Map<string, { value: T; until: number }>()
  return {
    get: (name: string): T | null => {
      const entry = kept.get(name)
      return entry === undefined || entry.until <= performance.now() ? null : entry.value
    },
    set: (name: string, value: T, forMs: number) => {
      if (kept.size >= REMEMBERED_MAX) kept.clear()
      kept.set(name, { value, until: performance.now() + forMs })
    },
    forget: (fits: (name: string) => boolean) => {
      for (const name of kept.keys()) if (fits(name)) kept.delete(name)
    },
  }
}
