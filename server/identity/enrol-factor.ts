import { randomBytes } from 'node:crypto'
import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { allowPerson, type Ctx, found, refuse } from '../kernel/ctx.ts'
import { base32 } from './totp.ts'

const SECRET_BYTES = 20

/**
 * Begins a second factor: a secret for the person's code generator, shown once. It counts from its
 * first code on. Who has one already and wants another gives the old one first. Refuses:
 * identity.step_up_needed.
 */
export async function enrolFactor(
  ctx: Ctx,
  _input: InputOf<typeof identityEndpoints.enrolFactor>,
): Promise<OutputOf<typeof identityEndpoints.enrolFactor>> {
  const { userId, strongAt } = allowPerson(ctx)
  const [user] = await ctx.sql<{ name: string; has: boolean }[]>`
    select name, exists (select from factors f where f.user_id = u.id
      and f.confirmed_at is not null) as has from users u where id = ${userId}`
  const { name, has } = found(user, 'identity.no_such_person')
  if (has && strongAt === null) refuse('identity.step_up_needed')
  await ctx.sql`delete from factors where user_id = ${userId} and confirmed_at is null`
  const [fresh] = await ctx.sql<{ id: string }[]>`select new_id() as id`
  const { id } = must(fresh, 'an id')
  const secret = randomBytes(SECRET_BYTES)
  const cell = { column: 'factors.secret', rowId: id } as const
  await ctx.sql`
    insert into factors (id, user_id, kind, label, secret, created_at)
    values (${id}, ${userId}, 'totp', '动态口令',
      ${await ctx.vault.seal(ctx.sql, cell, secret.toString('base64'))}, ${ctx.now()})`
  const text = base32(secret)
  const label = encodeURIComponent(`Yiqi:${name}`)
  return { id, secret: text, uri: `otpauth://totp/${label}?secret=${text}&issuer=Yiqi` }
}
