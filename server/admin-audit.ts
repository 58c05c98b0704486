import { open } from 'node:fs/promises'
import path from 'node:path'
import { addDays, instantAt } from '@yiqi/shared/kernel/time.ts'
import { type AuditLine, exportAudit } from './kernel/audit-export.ts'
import { sealKeysIn, sealsIn } from './kernel/audit-seals.ts'
import { type Finding, type FindingKind, verifyAudit } from './kernel/audit-verify.ts'
import { loadConfig } from './kernel/config.ts'
import type { Sql } from './kernel/connect.ts'

const LANES = 2

export const findingWords: Record<FindingKind, string> = {
  altered: '记录被改动',
  deleted: '记录被删除',
  swapped: '记录被调换',
  unlinked: '记录没有入链',
  link_edited: '链节被改动',
  link_missing: '链节缺失',
  truncated: '链尾被截去',
  head_mismatch: '链头与链尾不符',
  seal_mismatch: '与封存值不符',
  seal_forged: '封存签名无效',
  seal_unreadable: '封存文件有无法读取的行',
}

export type AuditOptions = {
  json?: boolean
  seals?: string
  from?: string
  to?: string
  out?: string
}

/** `pnpm admin audit verify`: prints what is wrong; answers 1 where something is. */
export async function verifyRecord(sql: Sql, options: AuditOptions): Promise<number> {
  const folder = options.seals ?? path.join(loadConfig().dataDir, 'audit-seals')
  const keys = sealKeysIn(folder)
  const verified = await verifyAudit(sql, { seals: sealsIn(folder), keys, lanes: LANES })
  if (options.json) console.log(JSON.stringify(verified, null, 2))
  else {
    for (const one of verified.findings) console.log(lineOf(one).join('\t'))
    const { links, seals, findings } = verified
    console.log(`共 ${links} 个链节，${seals} 个封存值，${findings.length} 处不符`)
  }
  return verified.findings.length > 0 ? 1 : 0
}

/**
 * `pnpm admin audit export`: entries and transfers from one day to another, both included, a JSON
 * line each. The file must not be there yet.
 */
export async function exportRecord(sql: Sql, options: AuditOptions): Promise<number> {
  const { from = '', to = '', out = '' } = options
  const time = { from: instantAt(from, 0), to: instantAt(addDays(to, 1), 0) }
  const file = await open(out, 'wx', 0o600)
  try {
    const count = await exportAudit(sql, time, (lines) => file.appendFile(textOf(lines)))
    await file.sync()
    console.log(`写入 ${count} 行`)
  } finally {
    await file.close()
  }
  return 0
}

function textOf(lines: readonly AuditLine[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}

function lineOf({ kind, shard, seq, source, rowId }: Finding): string[] {
  const place = shard === null ? '' : `${shard}/${seq ?? ''}`
  return [findingWords[kind], place, source ?? '', rowId ?? '']
}
