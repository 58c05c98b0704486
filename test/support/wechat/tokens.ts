import type { Answer, Asked, Draw, Fail } from './answers.ts'

const LIFE_MS = 7_200_000
const OVERLAP_MS = 300_000
const FORCED_A_DAY = 20
const FORCED_APART_MS = 30_000
const DAY_MS = 86_400_000
const SHANGHAI_AHEAD_MS = 8 * 3_600_000
/** 512 characters: what the documents tell us to leave room for. */
const TOKEN_BYTES = 384

export type Tokens = {
  /** getStableAccessToken. */
  issue: (asked: Asked) => Answer
  /** Why a token is not good, or null. */
  whyNot: (token: string | null) => 40001 | 41001 | 42001 | null
  /** Ends the token of the moment at once, as a forced refresh from elsewhere does. */
  revoke: () => void
}

type Account = { appId: string; secret: string }
type World = { now: () => number; draw: Draw; fail: Fail }

/** The stable tokens of one account: one of the moment, and those that are still good or known. */
export function newTokens(account: Account, { now, draw, fail }: World): Tokens {
  const endsAt = new Map<string, number>()
  let current: string | null = null
  let forced: number[] = []
  const lifeOf = (token: string | null) => (token === null ? 0 : (endsAt.get(token) ?? 0) - now())
  const renew = (oldLivesOnMs: number) => {
    if (current !== null && lifeOf(current) > 0) endsAt.set(current, now() + oldLivesOnMs)
    current = draw(TOKEN_BYTES).toString('base64url')
    endsAt.set(current, now() + LIFE_MS)
  }
  const force = (): Answer | null => {
    const today = dayOf(now())
    forced = forced.filter((at) => dayOf(at) === today)
    const last = forced.at(-1)
    // Too soon is not refused: the token stays as it is.
    if (last !== undefined && now() - last < FORCED_APART_MS) return null
    if (forced.length >= FORCED_A_DAY) return fail(45009)
    forced.push(now())
    renew(0)
    return null
  }
  return {
    issue: ({ body }) => {
      const why = whyNotAccount(account, { appid: body.appid, secret: body.secret })
      if (why !== null) return fail(why)
      if (body.grant_type !== 'client_credential') return fail(40002)
      const refused = body.force_refresh === true ? force() : null
      if (refused !== null) return refused
      if (lifeOf(current) <= OVERLAP_MS) renew(OVERLAP_MS)
      return { access_token: current, expires_in: Math.floor(lifeOf(current) / 1_000) }
    },
    whyNot: (token) => {
      if (token === null || token === '') return 41001
      const end = endsAt.get(token)
      if (end === undefined) return 40001
      if (now() < end) return null
      return token === current ? 42001 : 40001
    },
    revoke: () => {
      if (current !== null) endsAt.delete(current)
      current = null
    },
  }
}

/** The same four checks wherever appid and secret are given. */
export function whyNotAccount(
  account: Account,
  given: { appid: unknown; secret: unknown },
): 41002 | 40013 | 41004 | 40125 | null {
  if (given.appid === undefined || given.appid === null || given.appid === '') return 41002
  if (given.appid !== account.appId) return 40013
  if (given.secret === undefined || given.secret === null || given.secret === '') return 41004
  return given.secret === account.secret ? null : 40125
}

/** The day in China: quotas start anew at its midnight. */
export function dayOf(at: number): number {
  return Math.floor((at + SHANGHAI_AHEAD_MS) / DAY_MS)
}
