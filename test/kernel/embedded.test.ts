import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { connect } from '@yiqi/server/kernel/connect.ts'
import { type Embedded, startEmbedded } from '@yiqi/server/kernel/embedded.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const dataDir = mkdtempSync(path.join(tmpdir(), `yiqi-test-${process.pid}-`))
chmodSync(dataDir, 0o755)
let running: Embedded

beforeAll(async () => {
  running = await startEmbedded({ dataDir })
  await ask(running.url, (sql) => sql`create table kept (word text)`)
  await ask(running.url, (sql) => sql`insert into kept values ('镜')`)
}, 60_000)
afterAll(async () => {
  await running.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

describe('the embedded PostgreSQL', () => {
  test('says that the folder was empty, and keeps its password to its owner', () => {
    expect(running.fresh).toBe(true)
    const secret = path.join(dataDir, 'secrets', 'postgres-password')
    expect(statSync(secret).mode & 0o777).toBe(0o600)
  })

  test('knows Chinese characters as letters, and orders them by code', async () => {
    const [row] = await ask(
      running.url,
      (sql) => sql`select '扫描电镜' ~ '电镜' as found, '扫描电镜' ~ '^[[:alpha:]]+$' as letters,
        lower('ＳＥＭ') as lower, '一' < '二' collate "C" as ordered`,
    )
    expect(row).toEqual({ found: true, letters: true, lower: 'ｓｅｍ', ordered: true })
  })

  test('pg_trgm keeps Chinese characters', async () => {
    await ask(running.url, (sql) => sql`create extension if not exists pg_trgm`)
    const [row] = await ask(
      running.url,
      (sql) => sql`select similarity('扫描电镜', '扫描电子显微镜') > 0.2 as alike`,
    )
    expect(row).toEqual({ alike: true })
  })

  test('listens on the loopback address only and refuses a wrong password', async () => {
    const [row] = await ask(running.url, (sql) => sql`show listen_addresses`)
    expect(row).toEqual({ listenAddresses: '127.0.0.1' })
    const wrong = running.url.replace(/:[^:@/]+@/, ':wrong@')
    await expect(ask(wrong, (sql) => sql`select 1`)).rejects.toThrow('password')
  })

  test('a second start in the same folder shares what runs, and does not stop it', async () => {
    const second = await startEmbedded({ dataDir })
    expect(second).toMatchObject({ url: running.url, fresh: false })
    expect(second.pid()).toBe(running.pid())
    await second.stop()
    expect(await ask(running.url, (sql) => sql`select word from kept`)).toEqual([{ word: '镜' }])
  })

  test('a postmaster killed by the system is back at the same address with its data', async () => {
    const before = running.pid()
    process.kill(before, 'SIGKILL')
    await expect.poll(() => running.pid(), { timeout: 15_000, interval: 50 }).not.toBe(before)
    expect(await ask(running.url, (sql) => sql`select word from kept`)).toEqual([{ word: '镜' }])
  })

  test('after a stop the next start has the same address and the data', async () => {
    const { url } = running
    await running.stop()
    running = await startEmbedded({ dataDir })
    expect(running.url).toBe(url)
    expect(await ask(url, (sql) => sql`select word from kept`)).toEqual([{ word: '镜' }])
  })
})

type Ask<T> = (sql: ReturnType<typeof connect>) => PromiseLike<T>

async function ask<T>(url: string, query: Ask<T>): Promise<T> {
  const sql = connect(url, { max: 1 })
  try {
    return await query(sql)
  } finally {
    await sql.end({ timeout: 5 })
  }
}
