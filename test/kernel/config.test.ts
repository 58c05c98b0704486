import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { loadConfig, repoRoot, tokenSecret } from '@yiqi/server/kernel/config.ts'
import { afterAll, describe, expect, test } from 'vitest'

const dataDir = mkdtempSync(path.join(tmpdir(), 'yiqi-config-'))
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

describe('the configuration', () => {
  test('an empty environment gives a server on the loopback address with its data beside it', () => {
    expect(loadConfig({})).toEqual({
      root: repoRoot,
      port: 8080,
      host: '127.0.0.1',
      databaseUrl: null,
      testDatabaseUrl: null,
      dataDir: path.join(repoRoot, '.data'),
      demo: null,
      tokenSecret: null,
      worker: 'in',
      logLevel: 'info',
      chromePath: null,
      nodeEnv: 'development',
      poolMax: 16,
      pgBin: null,
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
  ])('%s=%s is refused with what to give', (name, value, wanted) => {
    expect(() => loadConfig({ [name]: value })).toThrow(`${name} is "${value}": give ${wanted}`)
  })

  test('a refused DATABASE_URL is named but not printed, for it holds a password', () => {
    const refused = (): unknown => loadConfig({ DATABASE_URL: 'mysql://root:hunter2@db/yiqi' })
    expect(refused).toThrow('DATABASE_URL is not usable')
    expect(refused).not.toThrow('hunter2')
  })

  test('a short TOKEN_SECRET is refused', () => {
    expect(() => loadConfig({ TOKEN_SECRET: 'short' })).toThrow('TOKEN_SECRET is too short')
  })
})

describe('the token secret', () => {
  test('is made once, kept for the next start, and readable by its owner only', () => {
    const config = { tokenSecret: null, dataDir }
    const first = tokenSecret(config)
    const file = path.join(dataDir, 'secrets', 'token-secret')
    expect(first).toMatch(/^[0-9a-f]{64}$/)
    expect(tokenSecret(config)).toBe(first)
    expect(readFileSync(file, 'utf8').trim()).toBe(first)
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  test('is the one of the environment where given', () => {
    const given = 'x'.repeat(40)
    expect(tokenSecret({ tokenSecret: given, dataDir })).toBe(given)
  })
})
