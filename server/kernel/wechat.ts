import { createHmac } from 'node:crypto'
import { Refusal, type RefusalCode } from '@yiqi/shared/kernel/refusals.ts'
import { phone } from '@yiqi/shared/kernel/schema.ts'
import { z } from 'zod/mini'
import type { Config } from './config.ts'
import { type Log, silentLog } from './log.ts'
import { askWechat, type Failure, type Outcome, type Question, type Wire } from './wechat-call.ts'

const LIMIT_MS = 5_000
/** WeChat gives a new token this long before the old one ends, and then both are good. */
const RENEW_EARLY_MS = 5 * 60_000

export type WechatLogIn = { openid: string; sessionKey: string; unionid: string | null }

/** What the platform asks of WeChat's servers. No answer of it may reach a client or the log. */
export type Wechat = {
  /**
   * Who stands behind the code of wx.login (code2Session). A code is good once, for five minutes.
   * Refuses identity.wechat_code_bad, identity.wechat_blocked, identity.wechat_busy.
   */
  codeToLogIn: (code: string) => Promise<WechatLogIn>
  /**
   * The mainland number, 11 digits, behind the code of the phone number button
   * (getuserphonenumber). Refuses identity.wechat_code_bad, also for a number from elsewhere and
   * for one that another mini-program asked for; identity.wechat_busy.
   */
  phoneOf: (code: string) => Promise<string>
  /** Whether the key of this user still holds (checkSessionKey). Refuses identity.wechat_busy. */
  checkSession: (openid: string, sessionKey: string) => Promise<boolean>
  /**
   * Ends the key and answers the one in its place, which expires no later (ResetUserSessionKey);
   * null where the key holds no more. Refuses identity.wechat_busy: then the old key may have
   * ended.
   */
  resetSession: (openid: string, sessionKey: string) => Promise<string | null>
}

export type WechatSettings = {
  appId: string
  secret: string
  baseUrl: string
  /** Real time in milliseconds: a token ends by WeChat's clock, not by the platform's. */
  now: () => number
  /** How long one try may last. */
  limitMs?: number
  log?: Log
}

/** WeChat as configured; null: log-in with WeChat is off. */
export function wechatOf(config: Pick<Config, 'wechat'>, log: Log = silentLog): Wechat | null {
  return config.wechat === null ? null : makeWechat({ ...config.wechat, now: Date.now, log })
}

/**
 * Speaks to WeChat. One token for all calls, fetched when first needed and again five minutes
 * before its end, by one question however many wait for it. What only a person at the settings can
 * mend (a wrong secret, an address outside the allow-list) is thrown as a bug that says so.
 */
export function makeWechat(settings: WechatSettings): Wechat {
  const { appId, secret, baseUrl, limitMs = LIMIT_MS, log = silentLog } = settings
  const wire: Wire = { baseUrl, limitMs, log }
  const answered = <T>(outcome: Outcome<T>): T => answerOf(outcome, log)
  const tokens = keepToken(settings.now, async () =>
    answered(await askWechat(wire, tokenQuestion(appId, secret))),
  )
  const withToken = <T>(question: (token: string) => Question<T>) =>
    askWithToken(wire, tokens, question)
  return {
    codeToLogIn: async (code) => {
      const said = answered(await askWechat(wire, logInQuestion({ appId, secret, code })))
      return { openid: said.openid, sessionKey: said.session_key, unionid: said.unionid ?? null }
    },
    phoneOf: async (code) => {
      const said = answered(await withToken((token) => phoneQuestion(token, code)))
      return phoneFor(appId, said.phone_info, log)
    },
    checkSession: async (openid, sessionKey) => {
      const outcome = await withToken((token) => checkQuestion(token, openid, sessionKey))
      if (isStale(outcome)) return false
      answered(outcome)
      return true
    },
    resetSession: async (openid, sessionKey) => {
      const outcome = await withToken((token) => resetQuestion(token, openid, sessionKey))
      return isStale(outcome) ? null : answered(outcome).session_key
    },
  }
}

/**
 * HMAC-SHA256 under the session key as it is written, in base64 and not decoded; hexadecimal. What
 * proves a key is the signature of nothing.
 */
export function signedWith(sessionKey: string, content = ''): string {
  return createHmac('sha256', sessionKey).update(content).digest('hex')
}

type Tokens = { current: () => Promise<string>; drop: (token: string) => void }
type Issued = { access_token: string; expires_in: number }

function keepToken(now: () => number, fetchToken: () => Promise<Issued>): Tokens {
  let kept: { token: string; freshUntil: number } | null = null
  let fetching: Promise<string> | null = null
  const fetchOnce = async () => {
    // From before the question, so that the way there and back is never added to its life.
    const askedAt = now()
    const { access_token: token, expires_in } = await fetchToken()
    kept = { token, freshUntil: askedAt + expires_in * 1_000 - RENEW_EARLY_MS }
    return token
  }
  return {
    current: () => {
      if (kept !== null && now() < kept.freshUntil) return Promise.resolve(kept.token)
      fetching ??= fetchOnce().finally(() => {
        fetching = null
      })
      return fetching
    },
    drop: (token) => {
      if (kept?.token === token) kept = null
    },
  }
}

/** 40001 wrong or replaced, 40014 malformed, 42001 expired. */
const tokenEnded: readonly number[] = [40001, 40014, 42001]

/**
 * A token that ended early is fetched anew, not forced, and the question repeated once. It had no
 * effect the first time, so this holds for single-use codes as well.
 */
async function askWithToken<T>(
  wire: Wire,
  tokens: Tokens,
  question: (token: string) => Question<T>,
): Promise<Outcome<T>> {
  const token = await tokens.current()
  const outcome = await askWechat(wire, question(token))
  if ('answer' in outcome || !tokenEnded.includes(outcome.failure.errcode)) return outcome
  tokens.drop(token)
  return askWechat(wire, question(await tokens.current()))
}

const refusalOf = new Map<number, RefusalCode>([
  [40029, 'identity.wechat_code_bad'],
  [40163, 'identity.wechat_code_bad'],
  [40226, 'identity.wechat_blocked'],
  [45009, 'identity.wechat_busy'],
  [45011, 'identity.wechat_busy'],
])

const remedies = new Map<number, string>([
  [40013, 'WECHAT_APPID is not known'],
  [40125, 'WECHAT_SECRET is wrong'],
  [40164, 'the allow-list of the AppSecret lacks the address of this server'],
])

function answerOf<T>(outcome: Outcome<T>, log: Log): T {
  if ('answer' in outcome) return outcome.answer
  const { name, errcode, rid } = outcome.failure
  const code = refusalOf.get(errcode)
  if (code === undefined) throw new Error(wordsOf(outcome.failure))
  const level = code === 'identity.wechat_busy' ? 'warn' : 'debug'
  log(level, 'wechat_refused', { call: name, errcode, rid })
  throw new Refusal(code)
}

function wordsOf({ name, errcode, rid }: Failure): string {
  const remedy = remedies.get(errcode)
  const what = `WeChat ${name} failed with ${errcode}${remedy ? `: ${remedy}` : ''}`
  return rid === '' ? what : `${what} (rid ${rid})`
}

/** 87009 another key signed, 87007 there is no key any more. */
function isStale<T>(outcome: Outcome<T>): boolean {
  return 'failure' in outcome && [87007, 87009].includes(outcome.failure.errcode)
}

function phoneFor(appId: string, asked: z.output<typeof PhoneFacts>, log: Log): string {
  const number = phone.safeParse(asked.purePhoneNumber)
  const mainland = ['86', '+86'].includes(String(asked.countryCode))
  if (asked.watermark.appid !== appId) log('warn', 'wechat_phone_of_other_app')
  else if (mainland && number.success) return number.data
  throw new Refusal('identity.wechat_code_bad')
}

const filled = z.string().check(z.minLength(1))
const Token = z.object({ access_token: filled, expires_in: z.int().check(z.positive()) })
const LogInAnswer = z.object({
  openid: filled,
  session_key: filled,
  unionid: z.optional(z.string()),
})
const PhoneFacts = z.object({
  purePhoneNumber: z.string(),
  // A number in WeChat's example, a string in its table of fields.
  countryCode: z.union([z.number(), z.string()]),
  watermark: z.object({ appid: z.string() }),
})

function tokenQuestion(appid: string, secret: string): Question<Issued> {
  return {
    name: 'getStableAccessToken',
    method: 'POST',
    path: '/cgi-bin/stable_token',
    body: { grant_type: 'client_credential', appid, secret, force_refresh: false },
    answer: Token,
    repeatable: true,
  }
}

function logInQuestion(given: {
  appId: string
  secret: string
  code: string
}): Question<z.output<typeof LogInAnswer>> {
  return {
    name: 'code2Session',
    method: 'GET',
    path: '/sns/jscode2session',
    query: {
      appid: given.appId,
      secret: given.secret,
      js_code: given.code,
      grant_type: 'authorization_code',
    },
    answer: LogInAnswer,
    repeatable: false,
  }
}

function phoneQuestion(
  token: string,
  code: string,
): Question<{ phone_info: z.output<typeof PhoneFacts> }> {
  return {
    name: 'getPhoneNumber',
    method: 'POST',
    path: '/wxa/business/getuserphonenumber',
    query: { access_token: token },
    body: { code },
    answer: z.object({ phone_info: PhoneFacts }),
    repeatable: false,
  }
}

function checkQuestion(token: string, openid: string, sessionKey: string): Question<unknown> {
  return {
    name: 'checkSessionKey',
    method: 'GET',
    path: '/wxa/checksession',
    query: proofOf(token, openid, sessionKey),
    answer: z.unknown(),
    repeatable: true,
  }
}

/** Not repeatable: a reset whose answer was lost has ended the key that would sign again. */
function resetQuestion(
  token: string,
  openid: string,
  sessionKey: string,
): Question<{ session_key: string }> {
  return {
    name: 'ResetUserSessionKey',
    method: 'GET',
    path: '/wxa/resetusersessionkey',
    query: proofOf(token, openid, sessionKey),
    answer: z.object({ session_key: filled }),
    repeatable: false,
  }
}

function proofOf(token: string, openid: string, sessionKey: string): Record<string, string> {
  const signature = signedWith(sessionKey)
  return { access_token: token, openid, signature, sig_method: 'hmac_sha256' }
}
