import {
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { keptSecret, loadConfig, repoRoot, vaultKeys } from '@yiqi/server/kernel/config.ts'
import { afterAll, describe, expect, test } from 'vitest'

const dataDir = mkdtempSync(path.join(tmpdir(), 'yiqi-config-'))
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

const AN_ORIGIN = 'an origin such as https://yiqi.example.org, without a path or a slash'

describe('the configuration', () => {
  test('an empty environment gives a server on the loopback address with its data beside it', () => {
    expect(loadConfig({})).toEqual({
      root: repoRoot,
      port: 8080,
      host: '127.0.0.1',
      databaseUrl: null,
      testDatabaseUrl: null,
      dataDir: path.join(repoRoot, '.data'),
      secretsDir: path.join(repoRoot, '.data', 'secrets'),
      demo: null,
      worker: 'in',
      logLevel: 'info',
      chromePath: null,
      nodeEnv: 'development',
      poolMax: 16,
      pgBin: null,
      trustedProxies: [],
      publicOrigin: null,
      allowedOrigins: [],
      rateLimits: true,
      wechat: null,
      clamd: null,
    })
  })

  test('an empty value counts as absent', () => {
    expect(loadConfig({ PORT: '', DEMO: ' ', DATABASE_URL: '' })).toEqual(loadConfig({}))
  })

  test('DEMO tells yes from no', () => {
    expect(loadConfig({ DEMO: '1' }).demo).toBe(true)
    expect(loadConfig({ DEMO: '0' }).demo).toBe(false)
  })

  test.each([
    ['PORT', '80a', 'a whole number from 0 to 65535'],
    ['PORT', '70000', 'a whole number from 0 to 65535'],
    ['POOL_MAX', '0', 'a whole number from 1 to 200'],
    ['DEMO', 'yes', '1 or 0'],
    ['WORKER', 'on', 'one of in, only, off'],
    ['LOG_LEVEL', 'loud', 'one of debug, info, warn, error, silent'],
    ['NODE_ENV', 'prod', 'one of development, production, test'],
    ['PUBLIC_ORIGIN', 'https://yiqi.example/', AN_ORIGIN],
    ['PUBLIC_ORIGIN', 'yiqi.example', AN_ORIGIN],
    ['ALLOWED_ORIGINS', '*', AN_ORIGIN],
    ['ALLOWED_ORIGINS', 'https://Desk.example', AN_ORIGIN],
    ['ALLOWED_ORIGINS', 'null', AN_ORIGIN],
  ])('%s=%s is refused with what to give', (name, value, wanted) => {
    expect(() => loadConfig({ [name]: value })).toThrow(`${name} is "${value}": give ${wanted}`)
  })

  test('a refused DATABASE_URL is named but not printed, for it holds a password', () => {
    const refused = (): unknown => loadConfig({ DATABASE_URL: 'mysql://root:hunter2@db/yiqi' })
    expect(refused).toThrow('DATABASE_URL is not usable')
    expect(refused).not.toThrow('hunter2')
  })
})

describe('a secret that is kept', () => {
  test('is made once, kept for the next start, and readable by its owner only', () => {
    const file = path.join(dataDir, 'secrets', 'some-secret')
    const first = keptSecret(file, 32)
    expect(first).toMatch(/^[0-9a-f]{64}$/)
    expect(keptSecret(file, 32)).toBe(first)
    expect(readFileSync(file, 'utf8').trim()).toBe(first)
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })
})

describe('the keys of the vault', () => {
  const secretsDir = path.join(dataDir, 'vault')
  const file = (name: string) => path.join(secretsDir, name)

  test('are made at the first start, kept, and readable by their owner only', () => {
    const first = vaultKeys({ secretsDir })
    expect(first.keks.map(({ id, key }) => [id, key.length])).toEqual([['kek-1', 32]])
    expect(first.indexKey).toHaveLength(32)
    expect(first.indexKey.equals(first.keks[0]?.key ?? first.indexKey)).toBe(false)
    expect(vaultKeys({ secretsDir })).toEqual(first)
    for (const name of ['kek-1', 'index-key']) expect(statSync(file(name)).mode & 0o777).toBe(0o600)
    expect(statSync(secretsDir).mode & 0o777).toBe(0o700)
  })

  test('of several KEKs the one with the highest number comes first', () => {
    writeFileSync(file('kek-10'), `${'0a'.repeat(32)}\n`)
    writeFileSync(file('kek-9'), '09'.repeat(32))
    writeFileSync(file('kek-9.bak'), 'not a key')
    expect(vaultKeys({ secretsDir }).keks.map(({ id }) => id)).toEqual(['kek-10', 'kek-9', 'kek-1'])
    expect(vaultKeys({ secretsDir }).keks[0]?.key).toEqual(Buffer.alloc(32, 10))
  })

  test('damaged or lost stop the start, are not made anew and not printed', () => {
    const damaged = '0b'.repeat(31)
    writeFileSync(file('kek-11'), damaged)
    const start = () => vaultKeys({ secretsDir })
    expect(start).toThrow('kek-11 is not 32 bytes in hexadecimal')
    expect(start).not.toThrow(damaged)
    rmSync(file('kek-11'))
    for (const name of ['kek-1', 'kek-9', 'kek-10', 'index-key']) utimesSync(file(name), 0, 0)
    renameSync(file('index-key'), file('away'))
    expect(start).toThrow('index-key is not 32 bytes in hexadecimal')
    renameSync(file('away'), file('index-key'))
    for (const name of ['kek-1', 'kek-9', 'kek-10']) rmSync(file(name))
    expect(start).toThrow('kek-1 is not 32 bytes in hexadecimal')
  })
})
