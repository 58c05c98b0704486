import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import { roleLabels, roles } from '@yiqi/shared/identity/terms.ts'
import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { dateOf } from '@yiqi/shared/kernel/time.ts'
import { exportAudit as exportLines } from '../kernel/audit-export.ts'
import { listAudit as listEntries } from '../kernel/audit-read.ts'
import { sealKeysIn, sealsIn } from '../kernel/audit-seals.ts'
import { verifyAudit } from '../kernel/audit-verify.ts'
import { allow, type Ctx, refuse } from '../kernel/ctx.ts'

const EXPORT_MAX = 50_000

/** 审计台: the audit record of some time, newest first. Refuses kernel.cursor_malformed. */
export async function listAudit(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.listAudit>,
): Promise<OutputOf<typeof identityEndpoints.listAudit>> {
  allow(ctx, 'identity.listAudit')
  const { cursor: after, from, to, ...filter } = input
  const page = await listEntries(ctx, { ...filter, after, from: new Date(from), to: new Date(to) })
  const names = await namesOf(
    ctx,
    page.rows.flatMap((row) => row.organisationId ?? []),
  )
  return {
    ...page,
    rows: page.rows.map(
      ({ role, organisationId, actorId: _, logInId: __, requestId: ___, ...row }) => ({
        ...row,
        roleLabel: roleLabelOf(role),
        organisationName: names.get(organisationId ?? '') ?? null,
      }),
    ),
  }
}

/** Walks the whole chain, and looks at the seals inside the database and in the seals' folder. */
export async function checkAudit(
  ctx: Ctx,
  _input: InputOf<typeof identityEndpoints.checkAudit>,
  { sealsFolder }: { sealsFolder: string },
): Promise<OutputOf<typeof identityEndpoints.checkAudit>> {
  allow(ctx, 'identity.checkAudit')
  const { links, seals, findings } = await verifyAudit(ctx.sql, {
    seals: sealsIn(sealsFolder),
    keys: sealKeysIn(sealsFolder),
  })
  return {
    links,
    seals,
    findings: findings.map(({ kind, shard, seq, source }) => ({ kind, shard, seq, source })),
  }
}

/**
 * At most 50,000 lines in one answer; the command line exports any number. Refuses
 * identity.export_too_large.
 */
export async function exportAudit(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.exportAudit>,
): Promise<OutputOf<typeof identityEndpoints.exportAudit>> {
  allow(ctx, 'identity.exportAudit')
  const [from, to] = [new Date(input.from), new Date(input.to)]
  const lines: string[] = []
  await exportLines(ctx.sql, { from, to }, async (some) => {
    for (const one of some) lines.push(JSON.stringify(one))
    if (lines.length > EXPORT_MAX) refuse('identity.export_too_large')
  })
  const filename = `audit-${dateOf(from)}-${dateOf(to)}.jsonl`
  return { filename, lines: lines.join('\n'), count: lines.length }
}

async function namesOf(ctx: Ctx, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await ctx.sql<{ id: string; name: string }[]>`
    select id, name from organisations where id = any(${[...new Set(ids)]}::uuid[])`
  return new Map(rows.map((row) => [row.id, row.name]))
}

/** The record may name a role that the product no longer has. */
function roleLabelOf(role: string | null): string | null {
  const known = roles.find((each) => each === role)
  return known === undefined ? role : roleLabels[known]
}
