import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { makeKeyring } from '@yiqi/server/identity/keyring.ts'
import { makeLogIns, openLogIn } from '@yiqi/server/identity/log-ins.ts'
import { refreshLogIn } from '@yiqi/server/identity/refresh-log-in.ts'
import { makeTokens } from '@yiqi/server/identity/tokens.ts'
import { transact } from '@yiqi/server/kernel/ctx.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { outcome } from '../support/act.ts'
import { testTokens } from '../support/log-ins.ts'
import { testVault } from '../support/vault.ts'
import { newWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await newWorld()
})
afterAll(() => world?.drop())

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const tokens = testTokens({ lifetimeSeconds: 600 })

/** Logs a person in, as every way in does. */
async function entered(personId = 'P0305', logIns = world.ports.logIns) {
  const { userId, membershipId } = await world.person(personId)
  const logIn = { userId, membershipId, channel: 'h5', device: 'test', methods: ['sms'] } as const
  return transact(world.ctx(), (tx) => openLogIn(tx, logIns, { ...logIn, strong: false }))
}

/** A token of this header and these claims over the given ones, signed as `seal` does. */
function forged(
  token: string,
  header: Record<string, unknown>,
  claims: Record<string, unknown>,
  seal: (text: string) => Buffer,
): string {
  const [head = '', body = ''] = token.split('.')
  const read = (text: string) => JSON.parse(Buffer.from(text, 'base64url').toString())
  const text = `${part({ ...read(head), ...header })}.${part({ ...read(body), ...claims })}`
  return `${text}.${seal(text).toString('base64url')}`
}

describe('access tokens', () => {
  it('name a person and a log-in for ten minutes; the role is read from the database', async () => {
    const { token, expiresAt } = await entered('P0305', makeLogIns(tokens, 0))
    expect((await tokens.verify(token)).userId).toBe((await world.person('P0305')).userId)
    const claims = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()
    expect(claims).not.toContain('enterprise')
    const minutes = (Date.parse(expiresAt) - Date.now()) / 60_000
    expect(minutes).toBeGreaterThan(9.9)
    expect(minutes).toBeLessThanOrEqual(10)
  })

  it('stop working when they expire, with five seconds for clocks that differ', async () => {
    const at = async (lifetimeSeconds: number) => {
      const old = makeTokens({ keyring: tokens.keyring, vault: testVault, lifetimeSeconds })
      const { token } = await old.sign({ id: crypto.randomUUID(), userId: 'u', methods: [] })
      return outcome(old.verify(token))
    }
    expect(await at(-3)).toBe('done')
    expect(await at(-8)).toBe('identity.token_expired')
  })

  it('are refused altered, with another audience, issuer, type or algorithm, or of another key', async () => {
    const logIn = { id: crypto.randomUUID(), userId: crypto.randomUUID(), methods: [] }
    const { token } = await tokens.sign(logIn)
    const { private: ours, public: publicKey, kid } = tokens.keyring.signing()
    const own = (text: string) => sign(null, Buffer.from(text), ours)
    const stranger = generateKeyPairSync('ed25519').privateKey
    const asSecret = publicKey.export({ type: 'spki', format: 'pem' })
    const bad: Record<string, string> = {
      'altered claims': `${token.split('.')[0]}.${part({ sub: 'x' })}.${token.split('.')[2]}`,
      'altered signature': `${token.slice(0, -4)}AAAA`,
      'another audience': forged(token, {}, { aud: 'another' }, own),
      'another issuer': forged(token, {}, { iss: 'another' }, own),
      'another type': forged(token, { typ: 'JWT' }, {}, own),
      'no algorithm': forged(token, { alg: 'none' }, {}, () => Buffer.alloc(0)),
      'the public key as a secret': forged(token, { alg: 'HS256' }, {}, (text) =>
        createHmac('sha256', asSecret).update(text).digest(),
      ),
      'a stranger’s key': forged(token, {}, {}, (text) => sign(null, Buffer.from(text), stranger)),
      'a key number nobody has': forged(token, { kid: 'nobody' }, {}, own),
      'no key number': forged(token, { kid: undefined }, {}, own),
      'a key brought along': forged(
        token,
        { kid: undefined, jwk: publicKey.export({ format: 'jwk' }) },
        {},
        own,
      ),
      'an address of keys': forged(token, { kid: 'x', jku: 'http://127.0.0.1/keys' }, {}, own),
      'no log-in': forged(token, {}, { sid: undefined }, own),
      'no end': forged(token, {}, { exp: undefined }, own),
      'not valid yet': forged(token, {}, { nbf: Math.floor(Date.now() / 1000) + 60 }, own),
      nonsense: 'a.b.c',
      nothing: '',
      'too long': 'x'.repeat(5000),
    }
    for (const [what, each] of Object.entries(bad))
      expect(await outcome(tokens.verify(each)), what).toBe('identity.not_logged_in')
    expect(await outcome(tokens.verify(forged(token, { kid }, {}, own)))).toBe('done')
  })

  it('verify under the key before the last rotation, and no longer after the next', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'yiqi-test-keys-'))
    const file = path.join(folder, 'signing-keys')
    const keyring = makeKeyring({ file })
    const signing = makeTokens({ keyring, vault: testVault })
    const sign = () => signing.sign({ id: crypto.randomUUID(), userId: 'u', methods: [] })
    const other = makeTokens({ keyring: makeKeyring({ file }), vault: testVault })
    const { token } = await sign()
    keyring.rotate()
    expect(await outcome(signing.verify(token))).toBe('done')
    expect(await outcome(other.verify((await sign()).token))).toBe('done')
    keyring.rotate()
    expect(await outcome(signing.verify(token))).toBe('identity.not_logged_in')
    rmSync(folder, { recursive: true })
  })

  it('stop working when the log-in is revoked or the role removed', async () => {
    const { token, me } = await entered('P0307')
    await world.sql`delete from memberships where id = ${me.membership?.id ?? null}`
    expect(await world.actorOf(token)).toMatchObject({ kind: 'person' })
    await world.sql`update log_ins set revoked_at = now() where id = ${me.logInId}`
    expect(await outcome(world.actorOf(token))).toBe('identity.not_logged_in')
  })

  it('are remembered for five seconds at most, and not at all where money moves', async () => {
    const logIns = makeLogIns(tokens)
    const { token, me } = await entered('P0305', logIns)
    const read = (fresh: boolean) =>
      outcome(logIns.actorOf(world.sql, token, { membershipId: null, fresh }))
    expect(await read(false)).toBe('done')
    await world.sql`update log_ins set revoked_at = now() where id = ${me.logInId}`
    expect(await read(false)).toBe('done')
    expect(await read(true)).toBe('identity.not_logged_in')
    await new Promise((resolve) => setTimeout(resolve, 5_100))
    expect(await read(false)).toBe('identity.not_logged_in')
  })

  it('act in the membership that the request names, if it is the person’s own', async () => {
    const { token } = await entered()
    const own = await world.person('P0305')
    const [second] = await world.sql<{ id: string }[]>`
      insert into memberships (user_id, organisation_id, role)
      values (${own.userId}, ${(await world.person('P0001')).organisationId}, 'unit-member')
      returning id`
    const named = must(second, 'the second role').id
    expect(await world.actorOf(token, named)).toMatchObject({ role: 'unit-member' })
    const foreign = (await world.person('P0442')).membershipId
    expect(await outcome(world.actorOf(token, foreign))).toBe('identity.no_such_membership')
  })
})

describe('refresh tokens', () => {
  const refresh = (refreshToken: string) => refreshLogIn(world.ctx(), { refreshToken }, world.ports)
  const tokenOf = (answer: { refreshToken: string | null }) =>
    must(answer.refreshToken, 'the refresh token')

  it('are replaced at every use; the one before gets the same successor for ten seconds', async () => {
    const first = tokenOf(await entered())
    const second = tokenOf(await refresh(first))
    expect(second).not.toBe(first)
    expect(tokenOf(await refresh(first))).toBe(second)
    const both = await Promise.all([refresh(second), refresh(second)])
    expect(new Set(both.map(tokenOf)).size).toBe(1)
  })

  it('given again later end the whole log-in, for the thief and for the owner', async () => {
    const begun = await entered()
    const first = tokenOf(begun)
    const second = tokenOf(await refresh(first))
    await world.sql`
      update log_ins set rotated_at = rotated_at - interval '11 seconds'
      where id = ${begun.me.logInId}`
    expect(await outcome(refresh(first))).toBe('identity.not_logged_in')
    expect(await outcome(refresh(second))).toBe('identity.not_logged_in')
    expect(await outcome(world.actorOf(begun.token))).toBe('identity.not_logged_in')
    const [row] = await world.sql`
      select revoked_reason from log_ins where id = ${begun.me.logInId}`
    expect(row?.revokedReason).toBe('token_reused')
  })

  it('two generations old are no lost answer, however fast they come', async () => {
    const first = tokenOf(await entered())
    const third = tokenOf(await refresh(tokenOf(await refresh(first))))
    expect(await outcome(refresh(first))).toBe('identity.not_logged_in')
    expect(await outcome(refresh(third))).toBe('identity.not_logged_in')
  })

  it('end after fourteen idle days, for staff after twelve hours, and after sixty days in any case', async () => {
    const aged = async (personId: string, by: { idle?: string; expires?: string }) => {
      const begun = await entered(personId)
      await world.sql`
        update log_ins set rotated_at = now() - ${by.idle ?? '0 s'}::interval,
          expires_at = expires_at - ${by.expires ?? '0 s'}::interval
        where id = ${begun.me.logInId}`
      return outcome(refresh(tokenOf(begun)))
    }
    expect(await aged('P0305', { idle: '13 days' })).toBe('done')
    expect(await aged('P0305', { idle: '15 days' })).toBe('identity.not_logged_in')
    expect(await aged('P0305', { expires: '61 days' })).toBe('identity.not_logged_in')
    expect(await aged('P0152', { idle: '11 hours' })).toBe('done')
    expect(await aged('P0152', { idle: '13 hours' })).toBe('identity.not_logged_in')
  })

  it('are no good made up, altered or of another log-in', async () => {
    const [one, other] = [tokenOf(await entered()), tokenOf(await entered('P0306'))]
    const [id = '', generation = '', seal = ''] = one.split('.')
    for (const bad of [
      'x',
      `${id}.${generation}`,
      `${id}.${Number(generation) + 1}.${seal}`,
      `${other.split('.')[0]}.${generation}.${seal}`,
      `${one}x`,
    ])
      expect(await outcome(refresh(bad)), bad).toBe('identity.not_logged_in')
  })
})
