import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { PrivacyNotice } from '@yiqi/shared/identity/endpoints-privacy.ts'
import { type ConsentScope, consentScopes } from '@yiqi/shared/identity/terms-privacy.ts'
import { assert, must } from '@yiqi/shared/kernel/assert.ts'
import { type DateText, dateOf } from '@yiqi/shared/kernel/time.ts'
import { repoRoot } from '../kernel/config.ts'
import type { Ctx } from '../kernel/ctx.ts'

const FILE = path.join(repoRoot, 'drizzle', 'reference', 'privacy-notices.json')
let known: readonly PrivacyNotice[] | null = null

/**
 * Every version there ever was: a text that somebody agreed to stays in the file, and a change is a
 * new version. Read once.
 */
export function privacyNotices(): readonly PrivacyNotice[] {
  known ??= readNotices()
  return known
}

/** The version in force today of each scope, in the order of the scopes. */
export function noticesInForce(ctx: Ctx): PrivacyNotice[] {
  const today = dateOf(ctx.now())
  return consentScopes.map((scope) => must(noticeOn(scope, today), `a notice on ${scope}`))
}

/** The version in force of one scope. */
export function noticeInForce(ctx: Ctx, scope: ConsentScope): PrivacyNotice {
  return must(noticeOn(scope, dateOf(ctx.now())), `a notice on ${scope}`)
}

/** The first version holds also for the days before it. */
function noticeOn(scope: ConsentScope, day: DateText): PrivacyNotice | undefined {
  const versions = privacyNotices()
    .filter((notice) => notice.scope === scope)
    .toSorted((a, b) => (a.effectiveFrom < b.effectiveFrom ? -1 : 1))
  return versions.findLast((notice) => notice.effectiveFrom <= day) ?? versions[0]
}

function readNotices(): PrivacyNotice[] {
  const read: unknown = JSON.parse(readFileSync(FILE, 'utf8'))
  assert(Array.isArray(read) && read.every(isNotice), 'privacy-notices.json holds notices')
  return read
}

function isNotice(one: unknown): one is PrivacyNotice {
  if (typeof one !== 'object' || one === null) return false
  const texts = ['scope', 'version', 'title', 'text', 'effectiveFrom']
  return texts.every((name) => typeof Reflect.get(one, name) === 'string')
}
