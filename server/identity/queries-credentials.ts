import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { Credential } from '@yiqi/shared/identity/endpoints-organisations.ts'
import { type Span, whatStops } from '@yiqi/shared/identity/rules.ts'
import {
  type CredentialKind,
  type CredentialState,
  credentialLabels,
} from '@yiqi/shared/identity/terms-organisations.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import type { Page } from '@yiqi/shared/kernel/schema.ts'
import { type DateText, dateOf } from '@yiqi/shared/kernel/time.ts'
import type { Fragment } from '../kernel/connect.ts'
import { allow, type Ctx, found, iso } from '../kernel/ctx.ts'
import { pageBy, pageLimit, readCursor } from '../kernel/page.ts'

/**
 * Credentials, those that end latest first. An organisation's people see their own; the officer all,
 * or one organisation's. Refuses identity.role_missing, identity.not_delegated.
 */
export async function listCredentials(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.listCredentials>,
): Promise<Page<Credential>> {
  const { relation, organisationId } = allow(ctx, 'identity.listCredentials')
  const limit = pageLimit(input.limit)
  const [afterDay, afterId] = readCursor(input.cursor) ?? []
  const whose = relation === 'all' ? (input.organisationId ?? null) : organisationId
  const rows = await credentialsWhere(
    ctx,
    ctx.sql`
      (${whose}::uuid is null or c.organisation_id = ${whose})
      and (${input.state ?? null}::text is null or c.state = ${input.state ?? null})
      and (${afterDay ?? null}::date is null
        or (c.valid_to, c.id) < (${afterDay ?? null}::date, ${afterId ?? null}::uuid))`,
    limit + 1,
  )
  const today = dateOf(ctx.now())
  return pageBy(
    rows,
    limit,
    (row) => [row.validTo, row.id],
    (row) => toCredential(row, today),
  )
}

/** All credentials of an organisation. */
export async function credentialsOf(ctx: Ctx, organisationId: string): Promise<Credential[]> {
  const ofIt = ctx.sql`c.organisation_id = ${organisationId}`
  const rows = await credentialsWhere(ctx, ofIt, CREDENTIALS_MAX)
  const today = dateOf(ctx.now())
  return rows.map((row) => toCredential(row, today))
}

/** Refuses identity.no_such_credential. */
export async function readCredential(ctx: Ctx, id: string): Promise<Credential> {
  const [row] = await credentialsWhere(ctx, ctx.sql`c.id = ${id}`, 1)
  return toCredential(found(row, 'identity.no_such_credential'), dateOf(ctx.now()))
}

const CREDENTIALS_MAX = 100

type CredentialRow = Span & {
  id: string
  organisationId: string
  organisationName: string
  kind: CredentialKind
  number: string
  fileId: string | null
  state: CredentialState
  submittedAt: Date
  reason: string | null
  /** All accepted ones of the organisation. */
  accepted: (Span & { kind: CredentialKind })[]
}

async function credentialsWhere(
  ctx: Ctx,
  condition: Fragment,
  limit: number,
): Promise<CredentialRow[]> {
  return ctx.sql<CredentialRow[]>`
    select c.id, c.organisation_id, o.name as organisation_name, c.kind, c.number, c.valid_from,
      c.valid_to, c.file_id, c.state, c.submitted_at, c.reason,
      (select coalesce(json_agg(json_build_object('kind', a.kind, 'validFrom', a.valid_from,
          'validTo', a.valid_to)), '[]')
        from credentials a where a.organisation_id = c.organisation_id
          and a.state = 'accepted') as accepted
    from credentials c join organisations o on o.id = c.organisation_id
    where ${condition} order by c.valid_to desc, c.id desc limit ${limit}`
}

function toCredential(row: CredentialRow, today: DateText): Credential {
  const { organisationId, organisationName, accepted, ...rest } = row
  return {
    ...rest,
    organisation: { id: organisationId, name: organisationName },
    label: credentialLabels[row.kind],
    submittedAt: iso(row.submittedAt),
    stops: row.state === 'accepted' ? whatStops(row, accepted, today) : null,
  }
}
