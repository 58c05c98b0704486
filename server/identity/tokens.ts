import { createHash, createHmac } from 'node:crypto'
import { assert } from '@yiqi/shared/kernel/assert.ts'
import { Refusal } from '@yiqi/shared/kernel/refusals.ts'
import { decodeJwt, errors, jwtVerify, SignJWT } from 'jose'
import type { Sql } from '../kernel/connect.ts'
import type { Actor, Member } from '../kernel/ctx.ts'

export type TokenOptions = {
  secret: string
  lifetimeHours: number
  /** How long a token and its membership are remembered; a removed one stops working after it. */
  rememberMs?: number
}

export type Tokens = {
  issue: (owner: { userId: string; membershipId: string }) => Promise<IssuedToken>
  /** The person behind a token; refuses identity.token_expired and identity.not_logged_in. */
  actorOf: (sql: Sql, token: string) => Promise<Actor>
  /** A keyed hash of a short secret, for keeping. */
  seal: (text: string) => string
}

export type IssuedToken = { token: string; expiresAt: Date }

const ALGORITHM = 'HS256'
const ISSUER = 'yiqi'
const AUDIENCE = 'yiqi-api'
const REMEMBER_MS = 30_000
const REMEMBERED_MAX = 10_000
const TOKEN_MAX_CHARACTERS = 2_000

/**
 * Access tokens: they name a person and a membership, and say nothing of roles, which are read from
 * the database. Signed with HS256 only; issuer, audience and expiry are checked by real time.
 */
export function makeTokens({ secret, lifetimeHours, rememberMs }: TokenOptions): Tokens {
  const key = createHash('sha256').update(`access token ${secret}`).digest()
  const remembered = makeMemory<Member>(rememberMs ?? REMEMBER_MS)
  return {
    issue: async ({ userId, membershipId }) => {
      const token = await new SignJWT({ mid: membershipId })
        .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(userId)
        .setIssuedAt()
        .setExpirationTime(`${lifetimeHours}h`)
        .sign(key)
      const { exp } = decodeJwt(token)
      assert(exp !== undefined, 'a token expires')
      return { token, expiresAt: new Date(exp * 1000) }
    },
    actorOf: async (sql, token) => {
      const name = createHash('sha256').update(token).digest('base64url')
      const known = remembered.get(name)
      if (known) return known
      const owner = await verify(token, key)
      const member = await readMember(sql, owner)
      if (member === null) throw new Refusal('identity.not_logged_in')
      remembered.set(name, member, owner.expiresAtMs - Date.now())
      return member
    },
    seal: (text) => createHmac('sha256', key).update(`code ${text}`).digest('base64url'),
  }
}

async function verify(
  token: string,
  key: Uint8Array,
): Promise<{ userId: string; membershipId: string; expiresAtMs: number }> {
  if (token.length > TOKEN_MAX_CHARACTERS) throw new Refusal('identity.not_logged_in')
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [ALGORITHM],
      issuer: ISSUER,
      audience: AUDIENCE,
      requiredClaims: ['sub', 'mid', 'exp'],
    })
    const { sub, mid, exp } = payload
    if (typeof sub === 'string' && typeof mid === 'string' && exp !== undefined)
      return { userId: sub, membershipId: mid, expiresAtMs: exp * 1000 }
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw new Refusal('identity.token_expired')
    if (!(error instanceof errors.JOSEError)) throw error
  }
  throw new Refusal('identity.not_logged_in')
}

async function readMember(
  sql: Sql,
  owner: { userId: string; membershipId: string },
): Promise<Member | null> {
  const [row] = await sql<Omit<Member, 'kind'>[]>`
    select user_id, id as membership_id, organisation_id, role from memberships
    where id = ${owner.membershipId} and user_id = ${owner.userId}`
  return row ? { kind: 'member', ...row } : null
}

/** Values by name, each for a while and never longer than it is good. */
function makeMemory<T>(forMs: number): {
  get: (name: string) => T | null
  set: (name: string, value: T, goodForMs: number) => void
} {
  const kept = new Map<string, { value: T; until: number }>()
  return {
    get: (name) => {
      const entry = kept.get(name)
      if (entry === undefined || entry.until <= performance.now()) return null
      return entry.value
    },
    set: (name, value, goodForMs) => {
      if (kept.size >= REMEMBERED_MAX) kept.clear()
      kept.set(name, { value, until: performance.now() + Math.min(forMs, goodForMs) })
    },
  }
}
