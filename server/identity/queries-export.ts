import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { type PersonalData, sectionLimit, sectionOf } from '../kernel/about-person.ts'
import { allowPerson, type Ctx, found, iso } from '../kernel/ctx.ts'
import { phoneOf } from './queries.ts'

/** What the other modules know of a person. */
export type OthersOfPerson = (ctx: Ctx, userId: string) => Promise<PersonalData>

/**
 * 导出我的数据: one document with everything about the person, sealed texts of their own opened
 * (个人信息保护法 45). Of secrets only that there are any; of a section at most 5,000 rows, and a
 * note where it has more. Nothing of anybody else beside the names that stand in it.
 */
export async function exportMyData(
  ctx: Ctx,
  _input: InputOf<typeof identityEndpoints.exportMyData>,
  { personalData }: { personalData: OthersOfPerson },
): Promise<OutputOf<typeof identityEndpoints.exportMyData>> {
  const { userId } = allowPerson(ctx)
  const sections = {
    ...(await accountOf(ctx, userId)),
    ...(await employmentOf(ctx, userId)),
    ...(await personalData(ctx, userId)),
  }
  return { id: userId, exportedAt: iso(ctx.now()), sections }
}

type Row = Record<string, unknown>

/** The person, and how they log in. */
async function accountOf(ctx: Ctx, userId: string): Promise<PersonalData> {
  const [user] = await ctx.sql<(Row & { id: string; phone: string | null })[]>`
    select id, person_id, name, phone, email, title, created_at from users where id = ${userId}`
  const person = found(user, 'identity.no_such_person')
  const logIns = await ctx.sql<Row[]>`
    select id, channel, device, address, methods, created_at, seen_at, expires_at, revoked_at,
      revoked_reason
    from log_ins where user_id = ${userId} order by created_at desc limit ${sectionLimit}`
  const factors = await ctx.sql<Row[]>`
    select id, kind, label, created_at, confirmed_at from factors where user_id = ${userId}
    order by created_at limit ${sectionLimit}`
  const bindings = await ctx.sql<{ openid: string; boundAt: Date }[]>`
    select openid, bound_at from wechat_bindings where user_id = ${userId}`
  const cell = { column: 'wechat_bindings.openid', rowId: userId } as const
  const wechat = await Promise.all(
    bindings.map(async ({ openid, boundAt }) => ({
      openid: await ctx.vault.unseal(ctx.sql, cell, openid),
      boundAt,
    })),
  )
  const consents = await ctx.sql<Row[]>`
    select id, scope, version, channel, given_at, withdrawn_at from consents
    where user_id = ${userId} order by id desc limit ${sectionLimit}`
  return {
    person: sectionOf('本人', [{ ...person, phone: await phoneOf(ctx, person) }]),
    logIns: sectionOf('登录记录', logIns),
    factors: sectionOf('二次验证（不含密钥）', factors),
    wechat: sectionOf('微信绑定', wechat),
    consents: sectionOf('同意记录', consents),
  }
}

/** Roles, invitations and the registers the person stands in. */
async function employmentOf(ctx: Ctx, userId: string): Promise<PersonalData> {
  const memberships = await ctx.sql<Row[]>`
    select m.id, m.role, m.order_limit_fen, m.month_limit_fen, m.granted_at, o.name, o.uscc
    from memberships m join organisations o on o.id = m.organisation_id
    where m.user_id = ${userId} order by m.id limit ${sectionLimit}`
  const invitations = await ctx.sql<Row[]>`
    select i.id, i.role, o.name, i.created_at, i.expires_at, i.accepted_at, i.revoked_at,
      i.invited_by = ${userId} as by_me
    from invitations i join organisations o on o.id = i.organisation_id
    where i.invited_by = ${userId} or i.accepted_by = ${userId}
    order by i.id desc limit ${sectionLimit}`
  const staff = await ctx.sql<Row[]>`
    select s.*, o.name from staff_records s join organisations o on o.id = s.organisation_id
    where s.user_id = ${userId} order by s.joined_on limit ${sectionLimit}`
  const trainings = await ctx.sql<Row[]>`
    select t.* from trainings t join staff_records s on s.id = t.staff_record_id
    where s.user_id = ${userId} order by t.held_on desc limit ${sectionLimit}`
  const experts = await ctx.sql<Row[]>`select * from experts where user_id = ${userId}`
  return {
    memberships: sectionOf('在各单位的身份', memberships),
    invitations: sectionOf('邀请', invitations),
    staffRecords: sectionOf('机组人员登记', staff),
    trainings: sectionOf('培训记录', trainings),
    experts: sectionOf('专家库登记', experts),
  }
}
