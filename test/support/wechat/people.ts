import { createHmac } from 'node:crypto'
import type { Answer, Asked, Draw, Fail } from './answers.ts'
import { whyNotAccount } from './tokens.ts'

const CODE_MS = 300_000
const SESSION_MS = 3 * 86_400_000

/** What a phone number's code stands for besides the number itself. */
export type PhoneOptions = {
  /** A number in WeChat's example, a string in its table of fields. */
  countryCode?: number | string
  /** The mini-program whose button was pressed. */
  appId?: string
}

export type People = {
  newOpenid: () => string
  /** The code that wx.login hands out; without an openid, to somebody new. */
  newLogInCode: (openid?: string, options?: { unionid?: string }) => string
  /** The code that the phone number button hands out. */
  newPhoneCode: (phone: string, openid: string, options?: PhoneOptions) => string
  /** From now on code2Session answers 40226 for this person. */
  block: (openid: string) => void
  /** The key of the moment; null where there is none. */
  sessionKeyOf: (openid: string) => string | null
  endSession: (openid: string) => void
  /** Whether WeChat has ever handed out this openid. */
  knows: (openid: unknown) => boolean
  code2Session: (asked: Asked) => Answer
  phoneNumber: (asked: Asked) => Answer
  checkSession: (asked: Asked) => Answer
  resetSession: (asked: Asked) => Answer
}

type Account = { appId: string; secret: string }
type World = { now: () => number; draw: Draw; fail: Fail }
type Code = { openid: string; endsAt: number; used: boolean }
type PhoneCode = Code & { phone: string; countryCode: number | string; appId: string }

/**
 * The people who use the mini-program: their codes, good once for five minutes, and their session
 * keys. Every exchange of a log-in code makes a new key and ends the one before.
 */
export function newPeople(account: Account, { now, draw, fail }: World): People {
  const unionids = new Map<string, string | null>()
  const blocked = new Set<string>()
  const sessions = new Map<string, { key: string; endsAt: number }>()
  const logInCodes = new Map<string, Code>()
  const phoneCodes = new Map<string, PhoneCode>()

  const newOpenid = () => {
    const openid = `o${draw(20).toString('base64url')}`
    unionids.set(openid, null)
    return openid
  }
  const known = (openid: string) => {
    if (!unionids.has(openid)) unionids.set(openid, null)
    return { openid, endsAt: now() + CODE_MS, used: false }
  }
  const newKey = () => draw(16).toString('base64')
  const live = (openid: string) => {
    const session = sessions.get(openid)
    return session !== undefined && now() < session.endsAt ? session : null
  }
  const proved = (query: URLSearchParams) => {
    const openid = query.get('openid') ?? ''
    if (!unionids.has(openid)) return { why: 40003 }
    if (query.get('sig_method') !== 'hmac_sha256') return { why: 87008 }
    const session = live(openid)
    if (session === null) return { why: 87007 }
    return query.get('signature') === signatureOf(session.key)
      ? { openid, session }
      : { why: 87009 }
  }

  return {
    newOpenid,
    newLogInCode: (openid = newOpenid(), options = {}) => {
      const code = `0${draw(24).toString('base64url').slice(0, 31)}`
      logInCodes.set(code, known(openid))
      if (options.unionid !== undefined) unionids.set(openid, options.unionid)
      return code
    },
    newPhoneCode: (phone, openid, { countryCode = 86, appId = account.appId } = {}) => {
      const code = draw(32).toString('hex')
      phoneCodes.set(code, { ...known(openid), phone, countryCode, appId })
      return code
    },
    block: (openid) => void blocked.add(openid),
    sessionKeyOf: (openid) => live(openid)?.key ?? null,
    endSession: (openid) => void sessions.delete(openid),
    knows: (openid) => typeof openid === 'string' && unionids.has(openid),

    code2Session: ({ query }) => {
      const given = { appid: query.get('appid'), secret: query.get('secret') }
      const why = whyNotAccount(account, given)
      if (why !== null) return fail(why)
      if (!query.get('js_code')) return fail(41008)
      if (query.get('grant_type') !== 'authorization_code') return fail(40002)
      const code = logInCodes.get(query.get('js_code') ?? '')
      if (code === undefined || now() >= code.endsAt) return fail(40029)
      if (code.used) return fail(40163)
      code.used = true
      if (blocked.has(code.openid)) return fail(40226)
      const session = { key: newKey(), endsAt: now() + SESSION_MS }
      sessions.set(code.openid, session)
      const unionid = unionids.get(code.openid) ?? null
      const linked = unionid === null ? {} : { unionid }
      return { session_key: session.key, openid: code.openid, ...linked }
    },

    phoneNumber: ({ body }) => {
      const code = typeof body.code === 'string' ? phoneCodes.get(body.code) : undefined
      if (code === undefined || code.used || now() >= code.endsAt) return fail(40029)
      if (body.openid !== undefined && body.openid !== code.openid) return fail(40003)
      code.used = true
      return { errcode: 0, errmsg: 'ok', phone_info: phoneFacts(code, now()) }
    },

    checkSession: ({ query }) => {
      const proof = proved(query)
      return 'why' in proof ? fail(proof.why) : { errcode: 0, errmsg: 'ok' }
    },

    resetSession: ({ query }) => {
      const proof = proved(query)
      if ('why' in proof) return fail(proof.why)
      const { openid, session } = proof
      // The new key inherits the end of the old one.
      const renewed = { key: newKey(), endsAt: session.endsAt }
      sessions.set(openid, renewed)
      return { errcode: 0, errmsg: 'ok', openid, session_key: renewed.key }
    },
  }
}

/**
 * The official rule: HMAC-SHA256, the key being the text of the session key, not what it encodes;
 * what is signed is the empty text.
 */
export function signatureOf(sessionKey: string, content = ''): string {
  return createHmac('sha256', Buffer.from(sessionKey, 'utf8')).update(content).digest('hex')
}

function phoneFacts(code: PhoneCode, at: number): Answer {
  const foreign = String(code.countryCode) !== '86'
  return {
    phoneNumber: foreign ? `+${code.countryCode}${code.phone}` : code.phone,
    purePhoneNumber: code.phone,
    countryCode: code.countryCode,
    watermark: { timestamp: Math.floor(at / 1_000), appid: code.appId },
  }
}
