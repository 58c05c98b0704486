import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Keyring, makeKeyring } from '@yiqi/server/identity/keyring.ts'
import { makeTokens, type Tokens } from '@yiqi/server/identity/tokens.ts'
import type { Sql } from '@yiqi/server/kernel/connect.ts'
import { testVault } from './vault.ts'

export type SeatOf = { userId: string; membershipId: string | null }

/** Where a server in a process of its own finds the keys that `sharedTokens` signs with. */
export const SECRETS_DIR = path.join(tmpdir(), `yiqi-test-${process.pid}-secrets`)

const HOURS = 12
const HOUR_MS = 3_600_000

/** Tokens whose access part outlives a long run; their keys are those of `file`, or nobody else's. */
export function testTokens(options: { file?: string; lifetimeSeconds?: number } = {}): Tokens {
  const keyring: Keyring = makeKeyring({ file: options.file ?? null })
  const lifetimeSeconds = options.lifetimeSeconds ?? HOURS * 3600
  return makeTokens({ keyring, vault: testVault, lifetimeSeconds })
}

/** Tokens that a server with this SECRETS_DIR takes for its own. */
export function sharedTokens(): Tokens {
  return testTokens({ file: path.join(SECRETS_DIR, 'signing-keys') })
}

/**
 * An access token for each of these seats, with a log-in behind it as after the second factor; its
 * step-up lasts as long as the token.
 */
export async function tokensFor(
  sql: Sql,
  seats: readonly SeatOf[],
  tokens: Tokens,
): Promise<string[]> {
  const now = Date.now()
  const rows = seats.map((seat) => ({
    id: randomUUID(),
    userId: seat.userId,
    membershipId: seat.membershipId,
    channel: 'h5',
    device: 'test',
    methods: ['sms', 'otp'],
    createdAt: new Date(now),
    seenAt: new Date(now),
    rotatedAt: new Date(now),
    expiresAt: new Date(now + HOURS * HOUR_MS),
    strongAt: new Date(now + HOURS * HOUR_MS),
  }))
  await sql`insert into log_ins ${sql(rows)}`
  return Promise.all(
    rows.map(async (row) => (await tokens.sign({ ...row, userId: row.userId })).token),
  )
}
