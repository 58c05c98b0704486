import { mkdirSync } from 'node:fs'
import { open } from 'node:fs/promises'
import path from 'node:path'
import { dateOf } from '@yiqi/shared/kernel/time.ts'
import { type Head, makeSeal, type Seal, type SealKey, showKey } from './audit-seals.ts'
import { type Ctx, iso } from './ctx.ts'

const NEWLINE = 0x0a

/**
 * Seals the audit record: signs what all its heads are now, keeps the seal in the database and
 * appends it to `<folder>/<day>.jsonl`, with the public key beside it. Answers null and writes
 * nothing where no head moved since the last seal. The line is on disk before the row is committed:
 * a seal that is in the file only is still true, for it tells of committed links.
 */
export async function sealAudit(
  ctx: Ctx,
  { key, folder }: { key: SealKey; folder: string },
): Promise<Seal | null> {
  const heads = [
    ...(await ctx.sql<Head[]>`select shard, seq, hash from audit_heads order by shard`),
  ]
  const [last] = await ctx.sql<{ heads: Head[] }[]>`
    select heads from audit_seals order by id desc limit 1`
  if (heads.length === 0 || (last !== undefined && isSame(heads, last.heads))) return null
  const seal = makeSeal(key, iso(ctx.now()), heads)
  await ctx.sql`insert into audit_seals (at, heads, signature, kid)
    values (${seal.at}, ${ctx.sql.json(heads)}, ${seal.signature}, ${seal.kid})`
  mkdirSync(folder, { recursive: true })
  showKey(key, folder)
  await append(path.join(folder, `${dateOf(ctx.now())}.jsonl`), JSON.stringify(seal))
  return seal
}

function isSame(heads: readonly Head[], before: readonly Head[]): boolean {
  const hashes = new Map(before.map(({ shard, hash }) => [shard, hash]))
  return heads.length === hashes.size && heads.every((one) => hashes.get(one.shard) === one.hash)
}

/** One line, on disk when this returns. A line that a crash left half written is ended first. */
async function append(file: string, line: string): Promise<void> {
  const handle = await open(file, 'a+')
  try {
    const { size } = await handle.stat()
    const last = Buffer.alloc(1, NEWLINE)
    if (size > 0) await handle.read(last, 0, 1, size - 1)
    await handle.appendFile(`${last[0] === NEWLINE ? '' : '\n'}${line}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
