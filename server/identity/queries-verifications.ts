import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { Organisation } from '@yiqi/shared/identity/endpoints-log-in.ts'
import type {
  Verification,
  VerificationRow,
} from '@yiqi/shared/identity/endpoints-organisations.ts'
import {
  findingLabels,
  type VerificationFinding,
} from '@yiqi/shared/identity/terms-organisations.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import type { Page } from '@yiqi/shared/kernel/schema.ts'
import type { Fragment } from '../kernel/connect.ts'
import { actorId, allow, type Ctx, found, iso, isoOrNull, refuse } from '../kernel/ctx.ts'
import { pageBy, pageLimit, readCursor } from '../kernel/page.ts'
import { credentialsOf } from './queries-credentials.ts'

/** Applications; those that wait come oldest first, the decided ones newest first. */
export async function listVerifications(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.listVerifications>,
): Promise<Page<VerificationRow>> {
  allow(ctx, 'identity.listVerifications')
  const limit = pageLimit(input.limit)
  const [afterAt, afterId] = readCursor(input.cursor) ?? []
  const { sql } = ctx
  const state = input.state ?? null
  const after = sql`(${afterAt ?? null}::timestamptz, ${afterId ?? null}::uuid)`
  const waiting = state === 'submitted'
  const rows = await rowsWhere(
    ctx,
    sql`
      (${state}::text is null or v.state = ${state}) and (${afterAt ?? null}::text is null
        or (v.submitted_at, v.id) ${waiting ? sql`>` : sql`<`} ${after})
      order by v.submitted_at ${waiting ? sql`, v.id` : sql`desc, v.id desc`} limit ${limit + 1}`,
  )
  const userId = actorId(ctx)
  return pageBy(
    rows,
    limit,
    (row) => [iso(row.submittedAt), row.id],
    (row) => toRow(row, userId),
  )
}

/** For the organisation itself and the officer. Refuses identity.no_such_verification. */
export async function getVerification(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.getVerification>,
): Promise<Verification> {
  const { relation, organisationId } = allow(ctx, 'identity.getVerification')
  const verification = await readVerification(ctx, input.id)
  if (relation !== 'all' && verification.organisation.id !== organisationId)
    refuse('identity.no_such_verification')
  return verification
}

/** Without asking who reads. Refuses identity.no_such_verification. */
export async function readVerification(ctx: Ctx, id: string): Promise<Verification> {
  const [known] = await rowsWhere(ctx, ctx.sql`v.id = ${id}`)
  const row = found(known, 'identity.no_such_verification')
  return {
    ...toRow(row, actorId(ctx)),
    legalRepresentative: row.legalRepresentative,
    shareholders: row.shareholders,
    licenceFileId: row.licenceFileId,
    address: row.address,
    size: row.size,
    decidedBy: row.decidedBy,
    credentials: await credentialsOf(ctx, row.organisation.id),
  }
}

type Row = {
  id: string
  organisation: Organisation
  address: string | null
  size: string | null
  state: VerificationRow['state']
  findings: VerificationFinding[]
  legalRepresentative: string | null
  shareholders: { name: string; percent: number }[]
  licenceFileId: string | null
  submittedById: string
  submittedBy: string
  submittedAt: Date
  decidedBy: string | null
  decidedAt: Date | null
  reason: string | null
}

async function rowsWhere(ctx: Ctx, condition: Fragment): Promise<Row[]> {
  return ctx.sql<Row[]>`
    select v.id, v.state, v.findings, v.legal_representative, v.shareholders, v.licence_file_id,
      v.submitted_by as submitted_by_id, s.name as submitted_by, v.submitted_at,
      d.name as decided_by, v.decided_at, v.reason, o.address, o.size,
      json_build_object('id', o.id, 'name', o.name, 'uscc', o.uscc, 'kind', o.kind,
        'userKind', o.user_kind, 'verification', o.verification, 'cityCode', o.city_code,
        'city', o.city) as organisation
    from verifications v join organisations o on o.id = v.organisation_id
      join users s on s.id = v.submitted_by left join users d on d.id = v.decided_by
    where ${condition}`
}

function toRow(row: Row, userId: string | null): VerificationRow {
  return {
    id: row.id,
    organisation: row.organisation,
    state: row.state,
    findings: row.findings.map((code) => ({ code, sentence: findingLabels[code] })),
    submittedAt: iso(row.submittedAt),
    submittedBy: row.submittedBy,
    mine: row.submittedById === userId,
    decidedAt: isoOrNull(row.decidedAt),
    reason: row.reason,
  }
}
