import { randomBytes, randomUUID } from 'node:crypto'
import { readdirSync, readlinkSync } from 'node:fs'
import { connect, type Sql } from '@yiqi/server/kernel/connect.ts'
import type { Ctx } from '@yiqi/server/kernel/ctx.ts'
import type { KeptFile } from '@yiqi/shared/kernel/files.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { outcome } from '../support/act.ts'
import { type Cast, newCast, type Person, START } from '../support/cast.ts'
import { newStore, purposeOf, type TestStore } from '../support/file-store.ts'
import { samples } from '../support/sample-files.ts'

const HOUR_MS = 3_600_000
const MB = 1024 * 1024

let cast: Cast
/** As the server works: behind the database's own walls. */
let walled: Sql
let store: TestStore
beforeAll(async () => {
  cast = await newCast()
  walled = connect(cast.url, { max: 6, role: 'yiqi_app' })
  store = newStore()
  store.registerPurpose(purposeOf('picture'))
  store.registerPurpose(purposeOf('secret', { protected: true, maxBytes: 200 * MB }))
})
beforeEach(async () => {
  await cast.sql`delete from files`
  cast.setNow(START)
})
afterAll(async () => {
  store?.drop()
  await walled?.end({ timeout: 1 })
  await cast?.drop()
})

const as = (person: Person | null): Ctx => ({ ...cast.ctx(person), sql: walled })
const mine = () => cast.people.xiaojin

async function keep(
  by: TestStore = store,
  given: { bytes?: Buffer; name?: string; purpose?: string; person?: Person; deleteOn?: Date } = {},
): Promise<KeptFile> {
  const { person = mine(), bytes = samples.pdf, name = '证书.pdf', ...rest } = given
  const { userId: ownerId, organisationId } = person
  return by.keepFile(as(person), {
    purpose: 'picture',
    ...rest,
    ownerId,
    organisationId,
    name,
    bytes,
  })
}

async function contentOf({ content }: { content: AsyncIterable<Buffer> }): Promise<Buffer> {
  const read: Buffer[] = []
  for await (const chunk of content) read.push(chunk)
  return Buffer.concat(read)
}

describe('a link', () => {
  const link = (id: string, options: { once?: boolean; person?: Person } = {}) =>
    store.linkTo(as(options.person ?? mine()), { fileId: id, once: options.once ?? false })
  const openedBy = (code: string, person: Person | null = null) =>
    outcome(store.openLink(as(person), code).then(contentOf))

  it('gives the file to whoever has its code, for 120 seconds', async () => {
    const { id } = await keep()
    const { code, expiresAt } = await link(id)
    expect(code).toMatch(/^[\w-]{22}$/)
    expect(expiresAt.getTime() - START.getTime()).toBe(120_000)
    const opened = await store.openLink(as(null), code)
    expect(opened).toMatchObject({ name: '证书.pdf', type: 'pdf', bytes: samples.pdf.length })
    expect((await contentOf(opened)).equals(samples.pdf)).toBe(true)
    cast.setNow(new Date(START.getTime() + 119_999))
    expect(await openedBy(code)).toBe('done')
    cast.setNow(new Date(START.getTime() + 120_000))
    expect(await openedBy(code)).toBe('kernel.link_over')
  })

  it('that works once works once, however many try at the same time', async () => {
    const { id } = await keep()
    const { code } = await link(id, { once: true })
    const answers = await Promise.all(Array.from({ length: 6 }, () => openedBy(code)))
    expect(answers.filter((answer) => answer === 'done')).toHaveLength(1)
    expect(answers.filter((answer) => answer === 'kernel.link_over')).toHaveLength(5)
  })

  it('to a protected file works once in any case, and each opening is in the audit record', async () => {
    const { id } = await keep(store, { purpose: 'secret' })
    const { code, once } = await link(id)
    expect(once).toBe(true)
    expect([await openedBy(code), await openedBy(code)]).toEqual(['done', 'kernel.link_over'])
    const entries = await cast.sql`
      select kind, action, actor_id, organisation_id from audit_entries where subject_id = ${id}`
    expect(entries).toEqual([
      {
        kind: 'protected',
        action: 'kernel.openFile',
        actorId: mine().userId,
        organisationId: mine().organisationId,
      },
    ])
    const [event] = await cast.sql`
      select actor_id from events where subject_id = ${id} and name = 'file.opened'`
    expect(event).toEqual({ actorId: mine().userId })
  })

  it('is not for another person who is logged in, and is not used up by their try', async () => {
    const { id } = await keep()
    const { code } = await link(id, { once: true })
    expect(await openedBy(code, cast.people.stranger)).toBe('kernel.link_over')
    expect(await openedBy(code, cast.people.admin)).toBe('kernel.link_over')
    expect(await openedBy(code, mine())).toBe('done')
  })

  it('with a code that nobody was given is over', async () => {
    for (const code of [
      '',
      'x',
      randomBytes(16).toString('base64url'),
      "' or 1=1 --",
      'ü'.repeat(22),
    ])
      expect(await openedBy(code)).toBe('kernel.link_over')
    const { id } = await keep()
    await link(id)
    const [{ hash } = { hash: '' }] = await cast.sql<{ hash: string }[]>`
      select code_hash as hash from file_links where file_id = ${id}`
    expect(await openedBy(hash.slice(0, 22))).toBe('kernel.link_over')
  })

  it('ends with the log-in, with the role, with the right to read, and with the file', async () => {
    const before = await keep()
    const codes = async () => (await link(before.id)).code
    const { userId, membershipId } = cast.people.admin
    const byAdmin = await link(before.id, { person: cast.people.admin })
    await cast.sql`delete from memberships where id = ${membershipId}`
    expect(await openedBy(byAdmin.code)).toBe('kernel.link_over')
    await cast.sql`insert into memberships (id, user_id, organisation_id, role)
      values (${membershipId}, ${userId}, ${mine().organisationId}, 'enterprise-admin')`
    expect(await openedBy(byAdmin.code)).toBe('done')

    const logInId = await newLogIn(mine().userId)
    const inside = await link(before.id, { person: { ...mine(), logInId } })
    expect(await openedBy(inside.code)).toBe('done')
    await cast.sql`update log_ins set revoked_at = now() where id = ${logInId}`
    expect(await openedBy(inside.code)).toBe('kernel.link_over')

    const fickle = newStore({ dir: store.dir })
    let may = true
    fickle.registerPurpose(purposeOf('picture', { mayRead: async () => may }))
    const kept = await fickle.linkTo(as(mine()), { fileId: before.id, once: true })
    may = false
    expect(await outcome(fickle.openLink(as(null), kept.code))).toBe('kernel.no_such_file')
    may = true
    expect(await outcome(fickle.openLink(as(null), kept.code).then(contentOf))).toBe('done')

    const last = await codes()
    await store.deleteFile(as(mine()), before.id)
    expect(await openedBy(last)).toBe('kernel.link_over')
    expect(await outcome(link(before.id))).toBe('kernel.no_such_file')
  })

  it('is made for nobody who may not read, and for staff only after their second factor', async () => {
    const { id } = await keep()
    expect(await outcome(link(id, { person: cast.people.stranger }))).toBe('kernel.no_such_file')
    expect(await outcome(store.linkTo(as(null), { fileId: id }))).toBe('identity.not_logged_in')
    const secret = await keep(store, { purpose: 'secret', person: cast.people.hao })
    const weak = { ...cast.people.hao, strongAt: null }
    expect(await outcome(link(secret.id, { person: weak }))).toBe('identity.second_factor_needed')
    expect(await outcome(link(secret.id, { person: cast.people.hao }))).toBe('done')
  })

  it('leaves nothing open when its reader goes away', async () => {
    const { id } = await keep(store, { bytes: Buffer.alloc(3 * MB, 'a'), name: 'a.txt' })
    for (let i = 0; i < 20; i++) {
      const opened = await store.openLink(as(null), (await link(id)).code)
      await opened.content.next()
      await opened.content.return(undefined)
    }
    const held = () =>
      readdirSync('/proc/self/fd').filter((fd) => {
        try {
          return readlinkSync(`/proc/self/fd/${fd}`).startsWith(store.dir)
        } catch {
          return false
        }
      })
    await expect.poll(held).toEqual([])
  })
})

async function newLogIn(userId: string): Promise<string> {
  const id = randomUUID()
  const [now, later] = [new Date(Date.now()), new Date(Date.now() + HOUR_MS)]
  await cast.sql`
    insert into log_ins (id, user_id, channel, device, methods, created_at, seen_at, rotated_at,
      expires_at)
    values (${id}, ${userId}, 'h5', 'test', ${['sms']}::text[], ${now}, ${now}, ${now}, ${later})`
  return id
}
