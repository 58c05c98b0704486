import type { Span } from '@yiqi/shared/identity/rules.ts'
import type { OrganisationKind } from '@yiqi/shared/identity/terms.ts'
import { VOUCHER_CREDENTIAL } from '@yiqi/shared/identity/terms-organisations.ts'
import type { Party } from '@yiqi/shared/voucher/rules.ts'
import type { Fragment } from '../kernel/connect.ts'
import { type Ctx, found } from '../kernel/ctx.ts'

// What the modules to the right ask of identity.

export type OrganisationFacts = Party & {
  id: string
  name: string
  kind: OrganisationKind
  cityCode: string | null
  /** The accepted ones that vouchers ask for. */
  credentials: Span[]
}

/**
 * One organisation, with what related-party and eligibility checks need. Refuses
 * `identity.no_such_organisation`.
 */
export async function getOrganisation(ctx: Ctx, id: string): Promise<OrganisationFacts> {
  const [row] = await ctx.sql<OrganisationFacts[]>`
    select id, uscc, name, kind, city_code, legal_representative, shareholders,
      ${voucherCredentials(ctx, 'organisations')} as credentials
    from organisations where id = ${id}`
  return found(row, 'identity.no_such_organisation')
}

/**
 * In a query on an organisation under this name: its accepted credentials of the kind that vouchers
 * ask for, as JSON. Which day they must cover says the asker's rule.
 */
export function voucherCredentials({ sql }: Ctx, alias: string): Fragment {
  return sql`(
    select coalesce(json_agg(json_build_object('number', c.number, 'validFrom', c.valid_from,
      'validTo', c.valid_to) order by c.valid_to), '[]')
    from credentials c where c.organisation_id = ${sql(alias)}.id and c.kind = ${VOUCHER_CREDENTIAL}
      and c.state = 'accepted')`
}
