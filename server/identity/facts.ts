import type { OrganisationKind } from '@yiqi/shared/identity/terms.ts'
import type { DateText } from '@yiqi/shared/kernel/time.ts'
import type { Party } from '@yiqi/shared/voucher/rules.ts'
import { type Ctx, found } from '../kernel/ctx.ts'

// What the modules to the right ask of identity.

export type OrganisationFacts = Party & {
  id: string
  name: string
  kind: OrganisationKind
  cityCode: string | null
  registryValidTo: DateText | null
  bankName: string | null
  bankAccount: string | null
}

/**
 * One organisation, with what related-party and eligibility checks need. Refuses
 * `identity.no_such_organisation`.
 */
export async function getOrganisation(ctx: Ctx, id: string): Promise<OrganisationFacts> {
  const [row] = await ctx.sql<OrganisationFacts[]>`
    select id, uscc, name, kind, city_code, registry_valid_to, legal_representative, shareholders,
      bank_name,
      bank_account
    from organisations where id = ${id}`
  return found(row, 'identity.no_such_organisation')
}
