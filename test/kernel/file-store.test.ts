import { randomUUID } from 'node:crypto'
import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { isUnreadable } from '@yiqi/server/kernel/cipher.ts'
import { connect, type Sql } from '@yiqi/server/kernel/connect.ts'
import type { Ctx } from '@yiqi/server/kernel/ctx.ts'
import { transact } from '@yiqi/server/kernel/ctx.ts'
import { scannerAt } from '@yiqi/server/kernel/virus-scanner.ts'
import type { KeptFile } from '@yiqi/shared/kernel/files.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { outcome } from '../support/act.ts'
import { type Cast, newCast, type Person, START } from '../support/cast.ts'
import { EICAR, startClamd } from '../support/clamd.ts'
import { newStore, purposeOf, type TestStore } from '../support/file-store.ts'
import { pdfOf, samples } from '../support/sample-files.ts'

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
const job = (): Ctx => ({ ...as(null), actor: { kind: 'job', name: 'files' } })
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
const read = async (id: string, by: TestStore = store, person = mine()) =>
  contentOf(await by.readFile(as(person), id))
async function rowOf(id: string) {
  const [row] = await cast.sql<
    { state: string; scan: string; key: string | null; name: string; storedAs: string }[]
  >`select state, scan, key, name, stored_as from files where id = ${id}`
  return row ?? { state: 'gone', scan: '', key: null, name: '', storedAs: '' }
}
const onDiskAt = async (id: string) => {
  const { storedAs } = await rowOf(id)
  return path.join(store.dir, storedAs.slice(0, 2), storedAs)
}
/** Makes a content look as if it had lain there for so long. */
const age = (file: string, ms: number) => {
  const then = new Date(statSync(file).mtimeMs - ms)
  utimesSync(file, then, then)
}

describe('a kept file', () => {
  it.each([0, 1, 65_535, 65_536, 65_537, 5 * MB])(
    'of %d bytes comes back as it was',
    async (size) => {
      const bytes = Buffer.alloc(size, '样品,210\n')
      const text = Buffer.from(bytes.toString('utf8').replaceAll('\ufffd', ''))
      const kept = await keep(store, { bytes: text, name: 'a.csv' })
      expect(kept).toMatchObject({ type: 'csv', bytes: text.length, state: 'clean', scan: 'none' })
      expect((await read(kept.id)).equals(text)).toBe(true)
    },
  )

  it('shows neither name nor content in the database or on disk', async () => {
    const { id } = await keep(store, { bytes: pdfOf('SECRETCONTENT'), name: 'SECRETNAME.pdf' })
    const [{ row } = { row: '' }] = await cast.sql<{ row: string }[]>`
      select f::text as row from files f where id = ${id}`
    expect(row).not.toContain('SECRETNAME')
    expect(readFileSync(await onDiskAt(id)).includes('SECRETCONTENT')).toBe(false)
    expect(statSync(await onDiskAt(id)).mode & 0o777).toBe(0o600)
    expect((await store.readFile(as(mine()), id)).name).toBe('SECRETNAME.pdf')
  })

  it('is kept under a clean name, a picture without its metadata', async () => {
    const kept = await keep(store, { name: '../../\u202e照片\0.jpg', bytes: samples.jpeg })
    expect(kept.name).toBe('照片.jpg')
    expect((await read(kept.id)).includes('SECRET')).toBe(false)
  })

  it.each([
    ['a bit is changed', (file: Buffer) => file.fill((file[80_000] ?? 0) ^ 1, 80_000, 80_001)],
    ['its first bit is changed', (file: Buffer) => file.fill((file[10] ?? 0) ^ 1, 10, 11)],
    ['its tail is cut off', (file: Buffer) => file.subarray(0, 4 + 2 * 65_552)],
    ['it is empty', () => Buffer.alloc(0)],
  ])('is never given out where %s', async (_, harm) => {
    const { id } = await keep(store, { bytes: Buffer.alloc(150_000, 'a'), name: 'a.txt' })
    const file = await onDiskAt(id)
    writeFileSync(file, harm(readFileSync(file)))
    await expect(read(id)).rejects.toSatisfy(isUnreadable)
  })

  it('is never given out where another file’s content lies in its place', async () => {
    const [a, b] = [await keep(), await keep()]
    writeFileSync(await onDiskAt(a.id), readFileSync(await onDiskAt(b.id)))
    await expect(read(a.id)).rejects.toSatisfy(isUnreadable)
    await cast.sql`update files set key = (select key from files where id = ${b.id}) where id = ${a.id}`
    await expect(read(a.id)).rejects.toSatisfy(isUnreadable)
  })
})

describe('the limits', () => {
  it('of a purpose hold to the byte', async () => {
    const small = newStore({ dir: store.dir })
    small.registerPurpose(purposeOf('small', { maxBytes: 1_000, types: ['txt'] }))
    const of = (size: number) =>
      outcome(keep(small, { purpose: 'small', name: 'a.txt', bytes: Buffer.alloc(size, 'a') }))
    expect(await of(1_000)).toBe('done')
    expect(await of(1_001)).toBe('kernel.file_too_large')
  })

  it('of an organisation hold, also for many at once, and deleted files count no more', async () => {
    const few = newStore({ dir: store.dir, quota: { files: 3, bytes: 1_000 } })
    few.registerPurpose(purposeOf('picture'))
    const bytes = Buffer.alloc(100, 'a')
    const one = (person = mine(), size = 100) =>
      outcome(keep(few, { name: 'a.txt', bytes: bytes.subarray(0, size), person }))
    const { userId: ownerId, organisationId } = mine()
    const input = { ownerId, organisationId, purpose: 'picture', name: 'a.txt', bytes }
    const prepared = await Promise.all(
      Array.from({ length: 8 }, () => few.prepareFile(as(mine()), input)),
    )
    const answers = await Promise.all(
      prepared.map((each) => outcome(few.insertPrepared(as(mine()), each))),
    )
    expect(answers.filter((answer) => answer === 'done')).toHaveLength(3)
    expect(answers.filter((answer) => answer === 'kernel.file_quota')).toHaveLength(5)
    expect(await one(cast.people.stranger)).toBe('done')
    const [{ id } = { id: '' }] = await cast.sql<{ id: string }[]>`
      select id from files where organisation_id = ${mine().organisationId} limit 1`
    await few.deleteFile(as(mine()), id)
    expect(await one()).toBe('done')
  })

  it('of an organisation’s bytes hold', async () => {
    const few = newStore({ dir: store.dir, quota: { files: 9, bytes: 1_000 } })
    few.registerPurpose(purposeOf('picture'))
    const one = (size: number) =>
      outcome(keep(few, { name: 'a.txt', bytes: Buffer.alloc(size, 'a') }))
    expect(await one(600)).toBe('done')
    expect(await one(401)).toBe('kernel.file_quota')
    expect(await one(400)).toBe('done')
  })

  it('leave nothing of what they refuse', async () => {
    const before = store.onDisk().length
    expect(await outcome(keep(store, { bytes: Buffer.from('MZ'), name: 'a.pdf' }))).toBe(
      'kernel.file_type_mismatch',
    )
    expect(store.onDisk()).toHaveLength(before)
    expect(await cast.sql`select from files`).toHaveLength(0)
  })
})

describe('who may read', () => {
  it('is the purpose’s to say; for others the file does not exist', async () => {
    const { id } = await keep()
    expect((await read(id, store, cast.people.admin)).equals(samples.pdf)).toBe(true)
    for (const person of [cast.people.stranger, cast.people.province, null])
      expect(await outcome(store.readFile(as(person), id))).toBe('kernel.no_such_file')
    expect(await outcome(store.readFile(as(mine()), randomUUID()))).toBe('kernel.no_such_file')
  })

  it('can be somebody whom the database shows no file of this organisation', async () => {
    const open = newStore({ dir: store.dir })
    open.registerPurpose(purposeOf('picture', { mayRead: async () => true }))
    const { id } = await keep(open)
    expect((await read(id, open, cast.people.stranger)).equals(samples.pdf)).toBe(true)
    const seen = await transact(as(cast.people.stranger), async (tx) => {
      await open.readFile(tx, id)
      // And the transaction is theirs again afterwards.
      return tx.sql`select from files`
    })
    expect(seen).toHaveLength(0)
  })

  it('may be asked before a file is taken', async () => {
    const closed = newStore({ dir: store.dir })
    closed.registerPurpose(purposeOf('picture', { mayKeep: async () => false }))
    expect(await outcome(keep(closed))).toBe('identity.role_missing')
  })
})

describe('the virus scanner', () => {
  const infected = Buffer.concat([Buffer.from('a\n'), EICAR])

  it('lets clean files pass, and of one with a virus keeps only that it was there', async () => {
    const clamd = await startClamd()
    const scanned = newStore({ scanner: scannerAt(clamd.address), dir: store.dir })
    scanned.registerPurpose(purposeOf('picture'))
    const before = store.onDisk().length
    expect(await keep(scanned)).toMatchObject({ state: 'clean', scan: 'clean' })
    const bad = await keep(scanned, { bytes: infected, name: 'a.txt' })
    expect(bad).toMatchObject({ state: 'refused', scan: 'infected' })
    expect(store.onDisk()).toHaveLength(before + 1)
    expect(await rowOf(bad.id)).toMatchObject({ key: null, storedAs: '' })
    expect(await outcome(scanned.readFile(as(mine()), bad.id))).toBe('kernel.no_such_file')
    await clamd.stop()
  })

  it('that is down leaves files in quarantine, until it has looked at them', async () => {
    const first = await startClamd()
    const { port } = first.address
    await first.stop()
    const waiting = newStore({ scanner: scannerAt(first.address, 500), dir: store.dir })
    waiting.registerPurpose(purposeOf('picture'))
    const good = await keep(waiting)
    const bad = await keep(waiting, { bytes: infected, name: 'a.txt' })
    expect(good).toMatchObject({ state: 'quarantined', scan: 'waiting' })
    for (const { id } of [good, bad]) {
      expect(await outcome(waiting.readFile(as(mine()), id))).toBe('kernel.file_quarantined')
      expect(await outcome(waiting.linkTo(as(mine()), { fileId: id }))).toBe(
        'kernel.file_quarantined',
      )
    }
    expect(await waiting.scanQuarantined(job())).toBe(0)
    expect(await rowOf(good.id)).toMatchObject({ state: 'quarantined' })

    const back = await startClamd({ port })
    expect(await waiting.scanQuarantined(job())).toBe(2)
    expect((await read(good.id, waiting)).equals(samples.pdf)).toBe(true)
    expect(await rowOf(bad.id)).toMatchObject({ state: 'refused', scan: 'infected', key: null })
    const { storedAs } = await rowOf(bad.id)
    await waiting.deleteExpiredFiles(job())
    expect(store.onDisk()).not.toContain(storedAs)
    await back.stop()
  })
})

describe('deletion', () => {
  it('destroys the key at once, and the content leaves the disk with the next upkeep', async () => {
    const { id } = await keep()
    const { storedAs } = await rowOf(id)
    await store.deleteFile(as(mine()), id)
    expect(await outcome(store.readFile(as(mine()), id))).toBe('kernel.no_such_file')
    expect(await rowOf(id)).toMatchObject({ key: null, name: '' })
    await store.deleteExpiredFiles(job())
    expect(store.onDisk()).not.toContain(storedAs)
    expect(await outcome(store.deleteFile(as(mine()), id))).toBe('kernel.no_such_file')
  })

  it('that is rolled back has lost nothing, even while the upkeep runs', async () => {
    const { id } = await keep()
    const stopped = transact(as(mine()), async (tx) => {
      await store.deleteFile(tx, id)
      await store.deleteExpiredFiles(job())
      throw new Error('stopped')
    })
    await expect(stopped).rejects.toThrow('stopped')
    await store.deleteExpiredFiles(job())
    expect((await read(id)).equals(samples.pdf)).toBe(true)
  })

  it('comes by itself when a file’s day has come', async () => {
    const deleteOn = new Date(START.getTime() + HOUR_MS)
    const { id } = await keep(store, { deleteOn })
    const other = await keep()
    expect(await store.deleteExpiredFiles(job())).toBe(0)
    cast.setNow(deleteOn)
    expect(await store.deleteExpiredFiles(job())).toBe(1)
    expect(await rowOf(id)).toMatchObject({ key: null })
    expect((await read(other.id)).equals(samples.pdf)).toBe(true)
  })

  it('forgets old links', async () => {
    const { id } = await keep()
    await store.linkTo(as(mine()), { fileId: id })
    cast.setNow(new Date(START.getTime() + 8 * 24 * HOUR_MS))
    await store.deleteExpiredFiles(job())
    expect(await cast.sql`select from file_links where file_id = ${id}`).toHaveLength(0)
  })
})

describe('a crash', () => {
  it('between content and row leaves no row without a content, and the content goes later', async () => {
    const kept = await keep()
    const before = store.onDisk()
    await expect(
      transact(as(mine()), async (tx) => {
        const { userId: ownerId, organisationId } = mine()
        const input = {
          ownerId,
          organisationId,
          purpose: 'picture',
          name: 'a.pdf',
          bytes: samples.pdf,
        }
        await store.keepFile(tx, input)
        throw new Error('crash')
      }),
    ).rejects.toThrow('crash')
    const [left = ''] = store.onDisk().filter((name) => !before.includes(name))
    expect(left).toMatch(/^[0-9a-f]{32}$/)
    // A young one may be of a transaction that is still at work.
    expect((await store.findOrphans(job())).contents).not.toContain(left)
    age(path.join(store.dir, left.slice(0, 2), left), HOUR_MS + 1_000)
    age(await onDiskAt(kept.id), HOUR_MS + 1_000)
    const { contents, files } = await store.findOrphans(job())
    expect(contents).toEqual([left])
    expect(files).toEqual([])
    expect((await read(kept.id)).equals(samples.pdf)).toBe(true)
  })

  it('in the middle of a content leaves a draft, which goes, too', async () => {
    const { id } = await keep()
    const draft = `${await onDiskAt(id)}.draft`
    writeFileSync(draft, 'half')
    age(draft, HOUR_MS + 1_000)
    expect((await store.findOrphans(job())).contents).toContain(path.basename(draft))
    expect((await read(id)).equals(samples.pdf)).toBe(true)
  })

  it('of the disk is noticed: files whose content is missing are named', async () => {
    const [lost, there] = [await keep(), await keep()]
    rmSync(await onDiskAt(lost.id))
    cast.setNow(new Date(START.getTime() + 2 * HOUR_MS))
    expect((await store.findOrphans(job())).files).toEqual([lost.id])
    expect(there.id).not.toBe(lost.id)
    await expect(read(lost.id)).rejects.toThrow('ENOENT')
  })
})
