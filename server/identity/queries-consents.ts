import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type {
  Consent,
  ConsentEntry,
  PrivacyNotice,
} from '@yiqi/shared/identity/endpoints-privacy.ts'
import {
  accountScopes,
  type ConsentChannel,
  type ConsentScope,
  consentLabels,
  consentUses,
  separateScopes,
} from '@yiqi/shared/identity/terms-privacy.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import type { Page } from '@yiqi/shared/kernel/schema.ts'
import { allowPerson, type Ctx, iso, isoOrNull } from '../kernel/ctx.ts'
import { pageBy, pageLimit, readCursor } from '../kernel/page.ts'
import { noticesInForce } from './privacy-notices.ts'

type ConsentRow = {
  id: string
  scope: ConsentScope
  version: string
  channel: ConsentChannel
  givenAt: Date
  withdrawnAt: Date | null
}

/** The texts in force, for everybody: they are read before anybody logs in. */
export async function listPrivacyNotices(
  ctx: Ctx,
  _input: InputOf<typeof identityEndpoints.listPrivacyNotices>,
): Promise<OutputOf<typeof identityEndpoints.listPrivacyNotices>> {
  return { rows: noticesInForce(ctx) }
}

/**
 * Per scope the version in force and what the person said to it. `needsConsent`: what the account
 * needs and was not agreed to as it is now, also because a new version came.
 */
export async function getConsents(
  ctx: Ctx,
  _input: InputOf<typeof identityEndpoints.getConsents>,
): Promise<OutputOf<typeof identityEndpoints.getConsents>> {
  const rows = await readConsents(ctx, allowPerson(ctx).userId)
  const needed = rows.filter((row) => row.endsAccount && !row.inForce)
  return { rows, needsConsent: needed.map((row) => row.scope) }
}

/** The person's answer to one scope. */
export async function readConsent(ctx: Ctx, userId: string, scope: ConsentScope): Promise<Consent> {
  const rows = await readConsents(ctx, userId)
  return must(
    rows.find((row) => row.scope === scope),
    `the consent ${scope}`,
  )
}

/** 同意记录: every consent of the person, the latest first. Refuses kernel.cursor_malformed. */
export async function listConsentHistory(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.listConsentHistory>,
): Promise<Page<ConsentEntry>> {
  const { userId } = allowPerson(ctx)
  const limit = pageLimit(input.limit)
  const [before] = readCursor(input.cursor) ?? []
  const rows = await ctx.sql<ConsentRow[]>`
    select id, scope, version, channel, given_at, withdrawn_at from consents
    where user_id = ${userId} and (${before ?? null}::text is null or id::text < ${before ?? null})
    order by id::text desc limit ${limit + 1}`
  return pageBy(
    rows,
    limit,
    (row) => [row.id],
    (row) => ({
      ...row,
      title: consentLabels[row.scope],
      givenAt: iso(row.givenAt),
      withdrawnAt: isoOrNull(row.withdrawnAt),
    }),
  )
}

async function readConsents(ctx: Ctx, userId: string): Promise<Consent[]> {
  const rows = await ctx.sql<ConsentRow[]>`
    select distinct on (scope) id, scope, version, channel, given_at, withdrawn_at from consents
    where user_id = ${userId} order by scope, given_at desc, id desc`
  return noticesInForce(ctx).map((notice) =>
    toConsent(
      notice,
      rows.find((row) => row.scope === notice.scope),
    ),
  )
}

function toConsent(notice: PrivacyNotice, given: ConsentRow | undefined): Consent {
  const { scope, title, version, effectiveFrom } = notice
  return {
    scope,
    title,
    version,
    effectiveFrom,
    neededFor: consentUses[scope],
    separate: separateScopes.includes(scope),
    endsAccount: accountScopes.includes(scope),
    givenVersion: given?.version ?? null,
    givenAt: isoOrNull(given?.givenAt ?? null),
    channel: given?.channel ?? null,
    withdrawnAt: isoOrNull(given?.withdrawnAt ?? null),
    inForce: given?.version === version && given.withdrawnAt === null,
  }
}
