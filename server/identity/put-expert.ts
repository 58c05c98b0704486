import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { Expert } from '@yiqi/shared/identity/endpoints-staff.ts'
import { whyNotEnterExpert } from '@yiqi/shared/identity/rules-staff.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { refuseIf } from '@yiqi/shared/kernel/refusals.ts'
import { allow, type Ctx, found } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { readExpert } from './queries-experts.ts'
import { subjects } from './subjects.ts'

/**
 * Enters somebody who has the role of an expert, with subjects (GB/T 13745) and a term, or changes
 * the entry. Refuses identity.no_such_person, identity.dates_reversed, identity.no_such_field.
 */
export async function putExpert(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.putExpert>,
): Promise<Expert> {
  allow(ctx, 'identity.putExpert')
  const { userId, unit, termFrom, termTo } = input
  const [person] = await ctx.sql`
    select from memberships where user_id = ${userId} and role = 'expert'`
  found(person, 'identity.no_such_person')
  refuseIf(whyNotEnterExpert(input, new Set(subjects().keys())))
  const fieldCodes = [...new Set(input.fieldCodes)]
  const classCodes = [...new Set(input.classCodes)]
  await ctx.sql`
    insert into experts (user_id, field_codes, class_codes, unit, term_from, term_to)
    values (${userId}, ${fieldCodes}::text[], ${classCodes}::text[], ${unit}, ${termFrom},
      ${termTo})
    on conflict (user_id) do update set field_codes = excluded.field_codes,
      class_codes = excluded.class_codes, unit = excluded.unit, term_from = excluded.term_from,
      term_to = excluded.term_to`
  await record(ctx, 'identity.expert_put', { subjectId: userId })
  return readExpert(ctx, userId)
}
