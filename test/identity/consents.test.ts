import { sharedPhoneOf } from '@yiqi/server/identity/facts-consents.ts'
import { giveConsent } from '@yiqi/server/identity/give-consent.ts'
import { noticeInForce, privacyNotices } from '@yiqi/server/identity/privacy-notices.ts'
import {
  getConsents,
  listConsentHistory,
  listPrivacyNotices,
} from '@yiqi/server/identity/queries-consents.ts'
import { withdrawConsent } from '@yiqi/server/identity/withdraw-consent.ts'
import { type ConsentScope, consentScopes } from '@yiqi/shared/identity/terms-privacy.ts'
import { addMinutes } from '@yiqi/shared/kernel/time.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { act, outcome } from '../support/act.ts'
import { newWorld, START, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await newWorld()
})
afterAll(() => world?.drop())
beforeEach(async () => {
  await world.sql`delete from consents`
  world.setNow(START)
})

const mine = async (personId = 'P0305') => world.ctx(await world.person(personId))
const versionOf = (scope: ConsentScope) => noticeInForce(world.ctx(), scope).version
const give = async (scope: ConsentScope, version = versionOf(scope)) =>
  act(await mine(), giveConsent, { scope, version, channel: 'h5' as const })
const withdraw = async (scope: ConsentScope) => act(await mine(), withdrawConsent, { scope })
const eventsOf = async (name: string) => {
  const rows = await world.sql<{ detail: unknown; subjectId: string }[]>`
    select detail, subject_id from events where name = ${name} order by seq`
  return rows
}

describe('the notices', () => {
  it('are read by anybody: one version in force of every scope, with its text', async () => {
    const { rows } = await listPrivacyNotices(world.ctx(), {})
    expect(rows.map((row) => row.scope)).toEqual([...consentScopes])
    for (const row of rows) expect(row.text.length).toBeGreaterThan(60)
  })

  it('have one text for each scope and version', () => {
    const names = privacyNotices().map((notice) => `${notice.scope} ${notice.version}`)
    expect(new Set(names).size).toBe(names.length)
  })
})

describe('giveConsent', () => {
  it('keeps person, version, time and channel, and leaves its event', async () => {
    const before = (await eventsOf('identity.consent_given')).length
    const given = await give('wechat')
    expect(given).toMatchObject({
      scope: 'wechat',
      givenVersion: versionOf('wechat'),
      givenAt: START.toISOString(),
      channel: 'h5',
      inForce: true,
    })
    const events = await eventsOf('identity.consent_given')
    expect(events.length).toBe(before + 1)
    expect(events.at(-1)).toMatchObject({
      subjectId: (await world.person('P0305')).userId,
      detail: { scope: 'wechat', version: versionOf('wechat') },
    })
  })

  it('given again, and ten times at once, is one consent', async () => {
    await Promise.all(Array.from({ length: 10 }, () => give('privacy')))
    const rows = await world.sql`select from consents`
    expect(rows.length).toBe(1)
  })

  it('refuses any version but the one in force, and says nothing was given', async () => {
    for (const version of ['2020-01-01', 'x', `${versionOf('privacy')}.1`])
      expect(await outcome(give('privacy', version))).toBe('identity.notice_outdated')
    const { needsConsent } = await getConsents(await mine(), {})
    expect(needsConsent).toEqual(['platform-terms', 'privacy'])
  })

  it('is for who is logged in, with or without a role', async () => {
    const input = { scope: 'privacy', version: versionOf('privacy'), channel: 'h5' } as const
    expect(await outcome(act(world.ctx(), giveConsent, input))).toBe('identity.not_logged_in')
    const { userId } = await world.person('P0442')
    const ctx = world.ctx({ kind: 'person', userId, logInId: null, strongAt: null })
    expect(await outcome(act(ctx, giveConsent, input))).toBe('done')
  })

  it('of one person says nothing of another', async () => {
    await give('privacy')
    const { rows } = await getConsents(await mine('P0442'), {})
    expect(rows.every((row) => row.givenVersion === null)).toBe(true)
  })
})

describe('getConsents', () => {
  it('asks for what the account stands on, and no more once it is given', async () => {
    await give('platform-terms')
    expect((await getConsents(await mine(), {})).needsConsent).toEqual(['privacy'])
    await give('privacy')
    expect((await getConsents(await mine(), {})).needsConsent).toEqual([])
  })

  it('asks again when a new version is in force', async () => {
    await give('privacy')
    await give('platform-terms')
    await world.sql`update consents set version = '2025-01-01' where scope = 'privacy'`
    const { rows, needsConsent } = await getConsents(await mine(), {})
    expect(needsConsent).toEqual(['privacy'])
    const privacy = rows.find((row) => row.scope === 'privacy')
    expect(privacy).toMatchObject({ givenVersion: '2025-01-01', inForce: false })
  })
})

describe('withdrawConsent', () => {
  it('is one call, in force at once, and may be given again', async () => {
    await give('wechat')
    world.setNow(addMinutes(START, 5))
    const withdrawn = await withdraw('wechat')
    expect(withdrawn).toMatchObject({
      inForce: false,
      withdrawnAt: addMinutes(START, 5).toISOString(),
    })
    world.setNow(addMinutes(START, 6))
    expect(await give('wechat')).toMatchObject({ inForce: true, withdrawnAt: null })
  })

  it('ends older versions too, and where none is in force changes and records nothing', async () => {
    await give('contact-sharing')
    await world.sql`update consents set version = '2025-01-01'`
    await give('contact-sharing')
    await withdraw('contact-sharing')
    const open = await world.sql`select from consents where withdrawn_at is null`
    expect(open.length).toBe(0)
    const before = (await eventsOf('identity.consent_withdrawn')).length
    expect(await outcome(withdraw('contact-sharing'))).toBe('done')
    expect((await eventsOf('identity.consent_withdrawn')).length).toBe(before)
  })

  it('of what the account stands on says to close the account instead', async () => {
    for (const scope of ['platform-terms', 'privacy'] as const) {
      await give(scope)
      expect(await outcome(withdraw(scope))).toBe('identity.consent_is_account')
    }
    expect((await getConsents(await mine(), {})).needsConsent).toEqual([])
  })

  it('is the person’s own: a visitor is refused, another’s stays', async () => {
    await give('wechat')
    expect(await outcome(act(world.ctx(), withdrawConsent, { scope: 'wechat' }))).toBe(
      'identity.not_logged_in',
    )
    await act(await mine('P0442'), withdrawConsent, { scope: 'wechat' })
    const { rows } = await getConsents(await mine(), {})
    expect(rows.find((row) => row.scope === 'wechat')?.inForce).toBe(true)
  })
})

describe('sharedPhoneOf', () => {
  it('shows the masked number while the person agrees to it, and nothing otherwise', async () => {
    const { userId } = await world.person('P0305')
    const [row] = await world.sql<{ phone: string }[]>`select phone from users where id = ${userId}`
    const shown = () => sharedPhoneOf(world.ctx(), { id: userId, phone: row?.phone ?? '' })
    expect(await shown()).toBe('')
    await give('contact-sharing')
    expect(await shown()).toBe('139****2352')
    await withdraw('contact-sharing')
    expect(await shown()).toBe('')
  })
})

describe('listConsentHistory', () => {
  it('has every consent with its end, the latest first, page by page', async () => {
    await give('platform-terms')
    await give('privacy')
    await give('wechat')
    await withdraw('wechat')
    const first = await listConsentHistory(await mine(), { limit: 2 })
    expect(first.rows.map((row) => row.scope)).toEqual(['wechat', 'privacy'])
    expect(first.rows[0]?.withdrawnAt).toBe(START.toISOString())
    const next = await listConsentHistory(await mine(), { cursor: first.nextCursor ?? '' })
    expect(next.rows.map((row) => row.title)).toEqual(['服务协议'])
    expect(next.nextCursor).toBeNull()
    expect((await listConsentHistory(await mine('P0442'), {})).rows).toEqual([])
  })
})
