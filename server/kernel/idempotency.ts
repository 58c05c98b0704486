import { createHash } from 'node:crypto'
import { Refusal } from '@yiqi/shared/kernel/refusals.ts'
import { type Ctx, transact } from './ctx.ts'

export type Stored = { status: number; body: string }

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
 * Runs a write once per actor and key. The key's row commits with the effect: the same key and
 * content get the stored answer, byte for byte; the same key with other content is refused; while
 * one is at work the other is told so. A refusal stores nothing, so it may be tried again.
 */
export async function once(
  ctx: Ctx,
  asked: { key: string; endpoint: string; hash: string },
  work: (ctx: Ctx) => Promise<Stored>,
): Promise<Stored> {
  const owner = ctx.actor.kind === 'member' ? ctx.actor.userId : ctx.actor.kind
  return transact(ctx, async (tx) => {
    const [lock] = await tx.sql<{ got: boolean }[]>`
      select pg_try_advisory_xact_lock(hashtextextended(${`${owner} ${asked.key}`}, 7)) as got`
    const [stored] = await tx.sql<{ contentHash: string; status: number; body: string }[]>`
      select content_hash, status, body from idempotency_keys where actor_id = ${owner}
        and key = ${asked.key}`
    if (stored) {
      if (stored.contentHash !== asked.hash) throw new Refusal('kernel.key_reused')
      return { status: stored.status, body: stored.body }
    }
    if (!lock?.got) throw new Refusal('kernel.in_progress')
    const answer = await work(tx)
    await tx.sql`
      insert into idempotency_keys (actor_id, key, endpoint, content_hash, status, body, created_at)
      values (${owner}, ${asked.key}, ${asked.endpoint}, ${asked.hash}, ${answer.status},
        ${answer.body}, ${tx.now()})`
    return answer
  })
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
