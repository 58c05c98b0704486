import { readFileSync, writeFileSync } from 'node:fs'
import { makeLogIns } from '@yiqi/server/identity/log-ins.ts'
import { connect, type Sql } from '@yiqi/server/kernel/connect.ts'
import { makeLimits } from '@yiqi/server/kernel/limits.ts'
import { newApp, type World } from '@yiqi/server/kernel/serve.ts'
import { fileRoutes } from '@yiqi/server/kernel/serve-files.ts'
import { scannerAt } from '@yiqi/server/kernel/virus-scanner.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import { FileLink, KeptFile } from '@yiqi/shared/kernel/files.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Cast, newCast, type Person, START } from '../support/cast.ts'
import { type Clamd, EICAR, startClamd } from '../support/clamd.ts'
import { newStore, purposeOf, type TestStore } from '../support/file-store.ts'
import { testTokens, tokensFor } from '../support/log-ins.ts'
import { samples } from '../support/sample-files.ts'

let cast: Cast
let clamd: Clamd
let store: TestStore
let sql: Sql
let app: ReturnType<typeof newApp>
const tokens = testTokens()
const logged: string[] = []

beforeAll(async () => {
  cast = await newCast()
  clamd = await startClamd()
  sql = connect(cast.url, { max: 6, role: 'yiqi_app' })
  store = newStore({ scanner: scannerAt(clamd.address) })
  store.registerPurpose(purposeOf('picture', { types: ['png', 'jpeg'], maxBytes: 100_000 }))
  store.registerPurpose(purposeOf('result', { protected: true, maxBytes: 2_000_000 }))
  const logIns = makeLogIns(tokens, 0)
  const world: World = {
    ...cast.world,
    sql,
    log: (_, event) => logged.push(event),
    actorOf: (token, how) => logIns.actorOf(sql, token, how),
  }
  app = newApp(world)
  fileRoutes(app, store)
})
beforeEach(() => {
  logged.length = 0
  cast.setNow(START)
})
afterAll(async () => {
  await clamd?.stop()
  store?.drop()
  await sql?.end({ timeout: 1 })
  await cast?.drop()
})

const issued = new Map<string, string>()
async function headersOf(person: Person | null): Promise<Record<string, string>> {
  if (person === null) return {}
  const known = issued.get(person.membershipId)
  const token = known ?? must((await tokensFor(cast.sql, [person], tokens))[0], 'a token')
  issued.set(person.membershipId, token)
  return { authorization: `Bearer ${token}` }
}

type Given = { purpose?: string; name?: string; bytes?: Buffer; type?: string; extra?: string }

async function post(person: Person | null, given: Given = {}, key?: string) {
  const form = new FormData()
  form.set('purpose', given.purpose ?? 'result')
  if (given.extra) form.set(given.extra, 'x')
  const type = given.type ?? 'application/pdf'
  form.set('file', new Blob([given.bytes ?? samples.pdf], { type }), given.name ?? '结果.pdf')
  const keyed = key === undefined ? {} : { 'idempotency-key': key }
  const headers = { ...(await headersOf(person)), ...keyed }
  return answerOf(await app.hono.request('/api/files', { method: 'POST', body: form, headers }))
}
async function answerOf(response: Response) {
  // An error, or an answer whose schema the caller knows.
  const body = (await response.json()) as { code?: string; issues?: { path: string }[] }
  return { status: response.status, body, code: body.code ?? 'done' }
}
async function link(person: Person | null, id: string, body: unknown = {}) {
  const headers = { ...(await headersOf(person)), 'content-type': 'application/json' }
  const init = { method: 'POST', headers, body: JSON.stringify(body) }
  return answerOf(await app.hono.request(`/api/files/${id}/links`, init))
}
const get = async (path: string, person: Person | null = null, method = 'GET') =>
  app.hono.request(path, { method, headers: await headersOf(person) })
const mine = () => cast.people.xiaojin
const kept = async (given: Given = {}) => KeptFile.parse((await post(mine(), given)).body)
const pathOf = async (id: string) => FileLink.parse((await link(mine(), id)).body).path

describe('POST /api/files', () => {
  it('keeps a file and says what became of it', async () => {
    const file = await kept()
    expect(file).toMatchObject({ name: '结果.pdf', type: 'pdf', state: 'clean', scan: 'clean' })
    const [row] = await cast.sql`
      select owner_id, organisation_id from files where id = ${file.id}`
    expect(row).toEqual({ ownerId: mine().userId, organisationId: mine().organisationId })
  })

  it('is for people who are logged in', async () => {
    expect(await post(null)).toMatchObject({ status: 401, code: 'identity.not_logged_in' })
    const headers = { authorization: 'Bearer nonsense' }
    const bad = await app.hono.request('/api/files', {
      method: 'POST',
      body: new FormData(),
      headers,
    })
    expect(bad.status).toBe(401)
  })

  it('refuses what is no form, and names what is wrong in one', async () => {
    const headers = { ...(await headersOf(mine())), 'content-type': 'application/json' }
    const json = await app.hono.request('/api/files', { method: 'POST', body: '{}', headers })
    expect(await answerOf(json)).toMatchObject({ status: 400, code: 'kernel.not_multipart' })
    const strange = await post(mine(), { extra: 'surprise' })
    expect(strange).toMatchObject({ status: 400, body: { issues: [{ path: 'surprise' }] } })
    const unknown = await post(mine(), { purpose: 'nothing' })
    expect(unknown).toMatchObject({ status: 400, body: { issues: [{ path: 'purpose' }] } })
  })

  it('refuses too much, by what is declared, by what comes, and by the purpose', async () => {
    const large = Buffer.alloc(150_000, 0xff)
    const picture = { purpose: 'picture', name: 'a.jpg', type: 'image/jpeg' }
    expect((await post(mine(), { ...picture, bytes: large })).code).toBe('kernel.file_too_large')
    expect((await post(mine(), { bytes: Buffer.alloc(2_100_000) })).code).toBe(
      'kernel.file_too_large',
    )
    for (const length of ['-1', '1.5', 'many', '999999999999']) {
      const lying = { ...(await headersOf(mine())), 'content-length': length }
      const type = { 'content-type': 'multipart/form-data; boundary=x' }
      const init = { method: 'POST', body: 'x', headers: { ...lying, ...type } }
      expect((await app.hono.request('/api/files', init)).status, length).toBe(413)
    }
    let given = 0
    const endless = new ReadableStream({
      pull: (controller) => {
        given += 65_536
        controller.enqueue(new Uint8Array(65_536))
      },
    })
    const headers = {
      ...(await headersOf(mine())),
      'content-type': 'multipart/form-data; boundary=x',
    }
    const init = { method: 'POST', body: endless, headers, duplex: 'half' } as const
    const answer = await answerOf(await app.hono.request('/api/files', init))
    expect(answer).toMatchObject({ status: 413, code: 'kernel.file_too_large' })
    expect(given).toBeLessThan(2_300_000)
  })

  it('refuses a virus, and what is not what it says', async () => {
    const before = store.onDisk().length
    const virus = { bytes: EICAR, name: 'a.txt', type: 'text/plain' }
    expect(await post(mine(), virus)).toMatchObject({ status: 422, code: 'kernel.file_infected' })
    expect(await post(mine(), { name: 'a.png' })).toMatchObject({
      code: 'kernel.file_type_mismatch',
    })
    expect(store.onDisk()).toHaveLength(before)
  })

  it('with a key keeps the same file once, and another one under the key not at all', async () => {
    const before = store.onDisk().length
    const [first, second] = [
      await post(mine(), {}, 'key-00001'),
      await post(mine(), {}, 'key-00001'),
    ]
    expect(first.status).toBe(200)
    expect(second.body).toEqual(first.body)
    const other = await post(mine(), { bytes: samples.csv, name: 'a.csv', type: '' }, 'key-00001')
    expect(other).toMatchObject({ status: 422, code: 'kernel.key_reused' })
    expect((await post(mine(), {}, 'short')).code).toBe('kernel.key_malformed')
    expect(store.onDisk()).toHaveLength(before + 1)
    const twins = await Promise.all(Array.from({ length: 5 }, () => post(mine(), {}, 'key-00002')))
    const ids = twins
      .filter(({ status }) => status === 200)
      .map(({ body }) => KeptFile.parse(body).id)
    expect(new Set(ids).size).toBe(1)
    expect(store.onDisk()).toHaveLength(before + 2)
  })
})

describe('who asks too often', () => {
  it('is told how long to wait, before anything is read', async () => {
    const busy = newApp({ ...app.world, limits: makeLimits() })
    fileRoutes(busy, store)
    const headers = await headersOf(cast.people.hao)
    const ask = () => busy.hono.request('/api/files', { method: 'POST', body: 'x', headers })
    for (let i = 0; i < 20; i++) expect((await ask()).status).toBe(400)
    const answer = await ask()
    expect(answer.status).toBe(429)
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  })
})

describe('a download', () => {
  it('needs no token, and is saved and never shown', async () => {
    const { id } = await kept({ name: '检测 结果.pdf' })
    const response = await get(await pathOf(id))
    expect(response.status).toBe(200)
    expect(Buffer.from(await response.arrayBuffer()).equals(samples.pdf)).toBe(true)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/pdf',
      'content-length': String(samples.pdf.length),
      'content-disposition': `attachment; filename="__ __.pdf"; filename*=UTF-8''%E6%A3%80%E6%B5%8B%20%E7%BB%93%E6%9E%9C.pdf`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    })
  })

  it('of a protected file is had once, and a look at its head does not use it up', async () => {
    const { id } = await kept()
    const path = await pathOf(id)
    expect((await get(path, null, 'HEAD')).status).toBe(404)
    expect((await get(path, cast.people.stranger)).status).toBe(404)
    expect((await get(path)).status).toBe(200)
    expect(await answerOf(await get(path))).toMatchObject({ status: 404, code: 'kernel.link_over' })
  })

  it('ends with its 120 seconds', async () => {
    const path = await pathOf((await kept()).id)
    cast.setNow(new Date(START.getTime() + 120_000))
    expect((await answerOf(await get(path))).code).toBe('kernel.link_over')
  })

  it('breaks off where the content is not whole, and the first chunk is a fault at once', async () => {
    const large = await kept({
      bytes: Buffer.alloc(200_000, 'a'),
      name: 'a.txt',
      type: 'text/plain',
    })
    await damage(large.id, 150_000)
    const response = await get(await pathOf(large.id))
    expect(response.status).toBe(200)
    await expect(response.arrayBuffer()).rejects.toThrow()
    expect(logged).toContain('bug')
    await damage(large.id, 10)
    expect((await get(await pathOf(large.id))).status).toBe(500)
  })
})

describe('POST /api/files/:id/links', () => {
  it('answers for a file that the person may read, and for no other', async () => {
    const { id } = await kept()
    expect((await link(mine(), id)).status).toBe(200)
    expect((await link(cast.people.admin, id, { once: true })).status).toBe(200)
    for (const person of [cast.people.stranger, cast.people.hao])
      expect(await link(person, id)).toMatchObject({ status: 404, code: 'kernel.no_such_file' })
    expect(await link(null, id)).toMatchObject({ status: 401 })
    expect(await link(mine(), 'not-an-id')).toMatchObject({ code: 'kernel.no_such_file' })
    expect(await link(mine(), id, { surprise: 1 })).toMatchObject({ code: 'invalid_input' })
    expect(await link(mine(), id, [])).toMatchObject({ code: 'invalid_input' })
  })

  it('is over at once where the log-in ends', async () => {
    const { id } = await kept()
    const path = await pathOf(id)
    await cast.sql`update log_ins set revoked_at = now() where user_id = ${mine().userId}`
    expect((await answerOf(await get(path))).code).toBe('kernel.link_over')
    issued.clear()
  })
})

async function damage(id: string, at: number): Promise<void> {
  const [row] = await cast.sql<{ storedAs: string }[]>`select stored_as from files where id = ${id}`
  const name = row?.storedAs ?? ''
  const file = `${store.dir}/${name.slice(0, 2)}/${name}`
  const bytes = readFileSync(file)
  bytes[at] = (bytes[at] ?? 0) ^ 1
  writeFileSync(file, bytes)
}
