import { timingSafeEqual } from 'node:crypto'
import { assert } from '@yiqi/shared/kernel/assert.ts'
import { Refusal } from '@yiqi/shared/kernel/refusals.ts'
import { errors, jwtVerify, SignJWT } from 'jose'
import type { Vault } from '../kernel/vault.ts'
import type { Keyring } from './keyring.ts'

export type IssuedToken = { token: string; expiresAt: Date }

/** Access and refresh tokens; neither says anything of roles, which are read from the database. */
export type Tokens = {
  keyring: Keyring
  sign: (logIn: { id: string; userId: string; methods: readonly string[] }) => Promise<IssuedToken>
  /** Refuses identity.token_expired and identity.not_logged_in. */
  verify: (token: string) => Promise<{ userId: string; logInId: string; expiresAtMs: number }>
  /** The refresh token of one generation of a log-in: the same whenever it is asked for. */
  refreshToken: (logInId: string, generation: number) => string
  readRefreshToken: (text: string) => { logInId: string; generation: number } | null
}

const ALGORITHM = 'EdDSA'
const TYPE = 'at+jwt'
const ISSUER = 'yiqi'
const AUDIENCE = 'yiqi-api'
const LIFETIME_SECONDS = 600
const SKEW_SECONDS = 5
const TOKEN_MAX_CHARACTERS = 2_000

/**
 * Access tokens are signed with Ed25519 and live ten minutes; algorithm, type, issuer, audience and
 * key number are pinned (RFC 8725). Refresh tokens are opaque: a keyed hash over log-in and
 * generation, so that none needs to be stored and a repeated refresh gets the same successor.
 */
export function makeTokens({
  keyring,
  vault,
  lifetimeSeconds = LIFETIME_SECONDS,
}: {
  keyring: Keyring
  vault: Pick<Vault, 'mac'>
  lifetimeSeconds?: number
}): Tokens {
  const refreshToken = (logInId: string, generation: number) =>
    `${logInId}.${generation}.${vault.mac('refresh token', `${logInId}.${generation}`)}`
  return {
    keyring,
    sign: async ({ id, userId, methods }) => {
      const key = keyring.signing()
      const issuedAt = Math.floor(Date.now() / 1000)
      const token = await new SignJWT({ sid: id, amr: [...methods] })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid: key.kid })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(userId)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + lifetimeSeconds)
        .sign(key.private)
      return { token, expiresAt: new Date((issuedAt + lifetimeSeconds) * 1000) }
    },
    verify: (token) => verify(token, keyring),
    refreshToken,
    readRefreshToken: (text) => {
      const [logInId = '', generation = ''] = text.split('.')
      if (!/^[0-9a-f-]{36}$/.test(logInId) || !/^\d{1,9}$/.test(generation)) return null
      const own = refreshToken(logInId, Number(generation))
      if (!same(own, text)) return null
      return { logInId, generation: Number(generation) }
    },
  }
}

async function verify(
  token: string,
  keyring: Keyring,
): Promise<{ userId: string; logInId: string; expiresAtMs: number }> {
  if (token.length > TOKEN_MAX_CHARACTERS) throw new Refusal('identity.not_logged_in')
  try {
    const { payload } = await jwtVerify(
      token,
      ({ kid }) => {
        const key = kid === undefined ? null : keyring.find(kid)
        if (key === null) throw new errors.JWKSNoMatchingKey()
        return key
      },
      {
        algorithms: [ALGORITHM],
        typ: TYPE,
        issuer: ISSUER,
        audience: AUDIENCE,
        clockTolerance: SKEW_SECONDS,
        requiredClaims: ['sub', 'sid', 'iat', 'exp'],
      },
    )
    const { sub, sid, exp } = payload
    assert(exp !== undefined, 'a verified token expires')
    if (typeof sub === 'string' && typeof sid === 'string')
      return { userId: sub, logInId: sid, expiresAtMs: exp * 1000 }
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw new Refusal('identity.token_expired')
    if (!(error instanceof errors.JOSEError)) throw error
  }
  throw new Refusal('identity.not_logged_in')
}

/** Equal texts, in a time that says nothing of where they differ. */
export function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
