import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { assert } from '@yiqi/shared/kernel/assert.ts'
import { Refusal } from '@yiqi/shared/kernel/refusals.ts'
import { type Fragment, isNotDone, isUnknownOutcome } from './connect.ts'
import { actingAs, type Ctx, iso, transact } from './ctx.ts'

/** One answer as it was sent, for as long as keys are kept. */
export type Stored = { status: number; body: string }

/** What a write with a key asked for: whose it is, where it went, and what was in it. */
export type Asked = { owner: string; key: string; endpoint: string; hash: string }

/** How long the same key gets the same answer. */
export const KEY_DAYS = 30

const LOOK_MS = 2_000
const NOT_ASKED = 'not asked'

/**
 * Same content, same hash: keys sorted, so that the order in which a client writes fields does not
 * matter.
 */
export function contentHash(endpoint: string, input: unknown): string {
  return createHash('sha256')
    .update(`${endpoint}\n${canonical(input)}`)
    .digest('hex')
}

/**
 * Runs a write once per person and key. Its answer is kept by the transaction that makes the
 * change, so the two are there together or not at all, and the primary key of the kept answers lets
 * no second one in. The key is therefore looked up only where the write did not go through: the
 * same key and content get the kept answer, byte for byte. Refuses `kernel.key_reused` for other
 * content, `kernel.in_progress` while the first is at work. A refusal or a fault keeps nothing, so
 * it may be tried again.
 */
export async function once(
  ctx: Ctx,
  asked: Asked,
  run: (ctx: Ctx, asked: Asked) => Promise<Stored>,
): Promise<Stored> {
  const begun = performance.now()
  try {
    return await run(ctx, asked)
  } catch (error) {
    // Who waited that long for the database is not made to wait again: they ask again themselves.
    const undecided = isUnknownOutcome(error) || isNotDone(error)
    if (undecided && performance.now() - begun > LOOK_MS) throw error
    // Done before, done by a twin just now, or done and the answer lost on its way.
    const late = sleep<typeof NOT_ASKED>(LOOK_MS, NOT_ASKED, { ref: false })
    const kept = await Promise.race([findKept(ctx, asked), late])
    // No refusal may deny what was perhaps done.
    if (kept === NOT_ASKED) throw undecided ? error : new Refusal('kernel.outcome_unknown')
    if (kept === null) throw error
    if (kept.contentHash !== asked.hash) throw new Refusal('kernel.key_reused')
    return { status: kept.status, body: kept.body }
  }
}

/** Runs a verb in a transaction that keeps its answer. */
export function inKeyedTransaction(
  verb: (ctx: Ctx) => Promise<unknown>,
): (ctx: Ctx, asked: Asked) => Promise<Stored> {
  return (ctx, asked) =>
    transact(ctx, async (tx) => {
      await tx.sql`select lock_key(${asked.owner}, ${asked.key}), ${actingAs(tx)}`
      const body = JSON.stringify(await verb(tx))
      await tx.sql`select keep_answer(${answerRow(tx, asked, body)})`
      return { status: 200, body }
    })
}

/**
 * Runs a verb that makes its change in one call of one SQL function, and gives it `keptAnswer`.
 */
export function inOneCall(
  verb: (ctx: Ctx) => Promise<unknown>,
): (ctx: Ctx, asked: Asked) => Promise<Stored> {
  return async (ctx, asked) => {
    let body: string | null = null
    const keep = (answer: unknown) => {
      body = JSON.stringify(answer)
      return answerRow(ctx, asked, body)
    }
    await verb({ ...ctx, keep })
    assert(body !== null, 'a verb of one call gives its answer along')
    return { status: 200, body }
  }
}

/** The answer as an argument of the SQL function that makes the change; null without a key. */
export function keptAnswer(ctx: Ctx, answer: unknown): Fragment {
  return ctx.keep === undefined ? ctx.sql`null::idempotency_keys` : ctx.keep(answer)
}

/** Forgets the answers of keys older than `KEY_DAYS`, some at a time. Answers how many. */
export async function forgetKeys(ctx: Ctx, limit = 10_000): Promise<number> {
  const old = new Date(ctx.now().getTime() - KEY_DAYS * 24 * 3_600_000)
  const gone = await ctx.sql`
    delete from idempotency_keys where (actor_id, key) in (
      select actor_id, key from idempotency_keys where created_at < ${old}
      order by created_at limit ${limit})`
  return gone.count
}

type Kept = Stored & { contentHash: string }

async function findKept(ctx: Ctx, { owner, key }: Asked): Promise<Kept | null | typeof NOT_ASKED> {
  const rows = ctx.sql<Kept[]>`
    select content_hash, status, body from idempotency_keys
    where actor_id = ${owner} and key = ${key}`
  return rows.then(
    ([kept]) => kept ?? null,
    () => NOT_ASKED,
  )
}

function answerRow(ctx: Ctx, { owner, key, endpoint, hash }: Asked, body: string): Fragment {
  return ctx.sql`
    row(${owner}, ${key}, ${endpoint}, ${hash}, 200, ${body}, ${iso(ctx.now())})::idempotency_keys`
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).filter(([, v]) => v !== undefined)
    entries.sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`).join(',')}}`
  }
  return JSON.stringify(value) ?? 'null'
}
