import type { Answer, Asked, Fail } from './answers.ts'

export type Sent = { openid: string; templateId: string; data: Record<string, string> }

export type Subscriptions = {
  /** A template and the fields it asks for, such as thing1 or date2. */
  addTemplate: (templateId: string, fields: readonly string[]) => void
  /** The pages of the mini-program; until they are told, any page is one. */
  setPages: (pages: readonly string[]) => void
  /** The person accepts `times` messages of this template; each is good for one. */
  accept: (openid: string, templateId: string, times?: number) => void
  sent: () => readonly Sent[]
  send: (asked: Asked) => Answer
}

/**
 * One-time subscriptions. Of the documented formats where the documents leave room the narrow
 * reading is taken, so that what passes here passes there.
 */
export function newSubscriptions(knows: (openid: unknown) => boolean, fail: Fail): Subscriptions {
  const templates = new Map<string, readonly string[]>()
  const accepted = new Map<string, number>()
  const sent: Sent[] = []
  let pages: readonly string[] | null = null
  const keyOf = (openid: string, templateId: string) => `${openid} ${templateId}`
  return {
    addTemplate: (templateId, fields) => {
      for (const field of fields)
        if (!formatOf(field)) throw new Error(`${field} is of no kind that a template has`)
      templates.set(templateId, fields)
    },
    setPages: (names) => {
      pages = names
    },
    accept: (openid, templateId, times = 1) => {
      const key = keyOf(openid, templateId)
      accepted.set(key, (accepted.get(key) ?? 0) + times)
    },
    sent: () => sent,
    send: ({ body }) => {
      const openid = String(body.touser ?? '')
      const templateId = String(body.template_id ?? '')
      const fields = templates.get(templateId)
      if (!knows(openid)) return fail(40003)
      if (fields === undefined) return fail(40037)
      if (!isPage(body.page, pages)) return fail(41030)
      if (!isOneOf(body.miniprogram_state, ['formal', 'trial', 'developer'])) return fail(40097)
      if (!isOneOf(body.lang, ['zh_CN', 'en_US', 'zh_HK', 'zh_TW'])) return fail(40097)
      const data = fields.map((field) => [field, textOf(body.data, field)] as const)
      const why = data.map(([field, value]) => whyNotValue(field, value)).find((each) => each)
      if (why) return fail(47003, `argument invalid! ${why}`)
      const key = keyOf(openid, templateId)
      const left = accepted.get(key) ?? 0
      if (left === 0) return fail(43101)
      accepted.set(key, left - 1)
      sent.push({ openid, templateId, data: Object.fromEntries(data) })
      return { errcode: 0, errmsg: 'ok' }
    },
  }
}

const YEAR_DAY = '\\d{4}年\\d{1,2}月\\d{1,2}日'
const TIME = '([01]?\\d|2[0-3]):[0-5]\\d(:[0-5]\\d)?'
const DAY_TIME = `${YEAR_DAY}( ${TIME})?`

/** The value rules of the documents' table 订阅消息参数值内容限制说明, by the kind of the field. */
const formats: Record<string, RegExp> = {
  thing: /^.{1,20}$/s,
  number: /^(?=.{1,32}$)-?\d+(\.\d+)?$/,
  letter: /^[A-Za-z]{1,32}$/,
  symbol: /^[^\p{L}\p{N}\s]{1,5}$/u,
  character_string: /^[\x20-\x7e]{1,32}$/,
  time: new RegExp(`^(${YEAR_DAY} )?${TIME}(~(${YEAR_DAY} )?${TIME})?$`),
  date: new RegExp(`^${DAY_TIME}(~${DAY_TIME})?$`),
  amount: /^[¥￥$€£]?\d{1,10}(\.\d{1,2})?元?$/,
  phone_number: /^[\d+\-() ]{1,17}$/,
  car_number: /^[\p{Script=Han}A-Z0-9][A-Z0-9]{1,6}[\p{Script=Han}A-Z0-9]$/u,
  name: /^(\p{Script=Han}{1,10}|[^\p{Script=Han}\d]{1,20})$/u,
  phrase: /^\p{Script=Han}{1,5}$/u,
}

/** What WeChat says about the first field that is not right: it names it. */
function whyNotValue(field: string, value: string): string | null {
  if (value === '') return `data.${field}.value is empty`
  return formatOf(field)?.test(value) ? null : `data.${field}.value invalid`
}

function formatOf(field: string): RegExp | undefined {
  return formats[field.replace(/\d+$/, '')]
}

/** '' where the field is missing or not `{ value: text }`. */
function textOf(data: unknown, field: string): string {
  const cell = memberOf(data, field)
  const value = memberOf(cell, 'value')
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.entries(value).find(([key]) => key === name)?.[1]
}

function isPage(page: unknown, pages: readonly string[] | null): boolean {
  if (page === undefined || page === '') return true
  if (typeof page !== 'string' || page.startsWith('/')) return false
  return pages === null || pages.includes(page.split('?')[0] ?? '')
}

function isOneOf(value: unknown, allowed: readonly string[]): boolean {
  return value === undefined || allowed.some((each) => each === value)
}
