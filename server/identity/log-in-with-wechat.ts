import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { LogIn } from '@yiqi/shared/identity/endpoints-log-in.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { type Ctx, refuse, transact } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import type { Wechat } from '../kernel/wechat.ts'
import { type LogIns, openLogIn } from './log-ins.ts'
import { personOfPhone } from './open-person.ts'
import { reopenAccount } from './reopen-account.ts'
import { erasureDue } from './retention.ts'

type Owner = { userId: string; membershipId: string | null }

/**
 * Logs in with the code of wx.login. The first time the phone number's code comes with it: both are
 * proved to WeChat in one act, and only then bound together; an openid is never taken from the
 * client. WeChat is asked before the transaction begins, so that nothing waits for it. Refuses:
 * identity.wechat_off, identity.wechat_code_bad, identity.wechat_blocked, identity.wechat_busy,
 * identity.phone_needed (ask again with a new code and the phone's), identity.wechat_bound where
 * the number belongs to another WeChat account.
 */
export async function logInWithWechat(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.logInWithWechat>,
  { logIns, wechat }: { logIns: LogIns; wechat: Wechat | null },
): Promise<LogIn> {
  if (wechat === null) refuse('identity.wechat_off')
  const { openid, sessionKey } = await wechat.codeToLogIn(input.code)
  const index = ctx.vault.indexOf('wechat_bindings.openid', openid)
  const known = await ownerOf(ctx, index)
  const phone =
    known !== null || input.phoneCode === undefined ? null : await wechat.phoneOf(input.phoneCode)
  return transact(ctx, async (tx) => {
    const owner = known ?? (phone === null ? refuse('identity.phone_needed') : null)
    const bound = owner ?? (await bind(tx, { index, openid, phone: phone ?? '' }))
    await reopenAccount(tx, bound.userId)
    const cell = { column: 'wechat_bindings.session_key', rowId: bound.userId } as const
    await tx.sql`
      update wechat_bindings set session_key = ${await tx.vault.seal(tx.sql, cell, sessionKey)}
      where user_id = ${bound.userId}`
    await record(tx, 'identity.logged_in', { subjectId: bound.userId })
    return openLogIn(tx, logIns, {
      ...bound,
      channel: 'weapp',
      device: input.device ?? '微信小程序',
      methods: ['wechat'],
      strong: false,
    })
  })
}

async function ownerOf(ctx: Ctx, openidIndex: string): Promise<Owner | null> {
  const [row] = await ctx.sql<Owner[]>`
    select w.user_id, (select m.id from memberships m where m.user_id = w.user_id
      order by m.id limit 1) as membership_id
    from wechat_bindings w join users u on u.id = w.user_id
    where w.openid_index = ${openidIndex}
      and (u.closed_at is null or u.closed_at > ${erasureDue(ctx.now())})`
  return row ?? null
}

async function bind(
  tx: Ctx,
  { index, openid, phone }: { index: string; openid: string; phone: string },
): Promise<Owner> {
  const owner = await personOfPhone(tx, phone)
  const cell = { column: 'wechat_bindings.openid', rowId: owner.userId } as const
  // That of an account which is due to be erased.
  await tx.sql`
    delete from wechat_bindings w using users u
    where u.id = w.user_id and w.openid_index = ${index}
      and u.closed_at <= ${erasureDue(tx.now())}`
  const bound = await tx.sql`
    insert into wechat_bindings (user_id, openid_index, openid, session_key, bound_at)
    values (${owner.userId}, ${index}, ${await tx.vault.seal(tx.sql, cell, openid)}, '',
      ${tx.now()})
    on conflict do nothing returning user_id`
  if (bound.length === 0) refuse('identity.wechat_bound')
  await record(tx, 'identity.wechat_bound', { subjectId: owner.userId })
  return owner
}
