import { View } from '@tarojs/components'
import { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { Me, Membership } from '@yiqi/shared/identity/endpoints-log-in.ts'
import { familyOf, maskPhone } from '@yiqi/shared/identity/terms.ts'
import { type Action, type Seat, whyNotAllowed } from '@yiqi/shared/kernel/access.ts'
import { go, restart } from '../../kernel/go.ts'
import { forgetLogIn, keepMe, useMe } from '../../kernel/log-in.ts'
import { Button } from '../../kernel/parts/button.tsx'
import { Card, Section } from '../../kernel/parts/card.tsx'
import { Cell } from '../../kernel/parts/cell.tsx'
import { Chip, ChipRow } from '../../kernel/parts/chip.tsx'
import type { IconName } from '../../kernel/parts/icons.ts'
import { Frame } from '../../kernel/parts/page.tsx'
import { Empty, Refusal } from '../../kernel/parts/state.tsx'
import { Tag } from '../../kernel/parts/tag.tsx'
import { isH5 } from '../../kernel/platform/target.ts'
import { useWrite } from '../../kernel/use-write.ts'
import { DemoClock } from './demo-clock.tsx'
import './me-panel.scss'

/**
 * 我的: who I am, in which role; what belongs to me; settings; and, in a demonstration, its clock.
 */
export function MePanel() {
  const me = useMe()
  return (
    <Frame title="我的">
      {me === null ? <Visitor /> : <Person me={me} />}
      <Links me={me} />
      {me === null ? null : <DemoClock />}
      {me === null ? null : <LogOut />}
    </Frame>
  )
}

function Visitor() {
  return (
    <Card>
      <Empty
        icon="user"
        action={{
          words: '登录',
          onTap: () => void go.tabs.logIn({ back: '/tabs/home/index?tab=me' }),
        }}
      >
        登录后可以预约仪器、使用创新券、查看消息。
      </Empty>
    </Card>
  )
}

function Person({ me }: { me: Me }) {
  const { user, membership } = me
  return (
    <>
      <Card>
        <View className="me-head">
          <View className="me-face t20">{user.name.slice(0, 1)}</View>
          <View className="grow">
            <View className="row">
              <View className="t20">{user.name}</View>
              {membership === null ? null : <Tag tone="own">{membership.roleLabel}</Tag>}
            </View>
            <View className="t14 ink2">
              {membership?.organisation.name ?? '尚未加入单位：登记单位，或请管理员邀请'}
            </View>
            <View className="t13 ink3 num">
              {[user.title, maskPhone(user.phone)].filter(Boolean).join(' · ')}
            </View>
          </View>
        </View>
      </Card>
      {me.memberships.length < (me.membership === null ? 1 : 2) ? null : <Roles me={me} />}
    </>
  )
}

function Roles({ me }: { me: Me }) {
  const change = useWrite(identityEndpoints.switchMembership)
  const act = async (membership: Membership) => {
    if (membership.id === me.membership?.id) return
    const now = await change.run({ membershipId: membership.id })
    if (now === null) return
    keepMe(now)
    await restart.tabs.home({ tab: 'me' })
  }
  return (
    <Section title="切换身份">
      <ChipRow wrap>
        {me.memberships.map((membership) => (
          <Chip
            key={membership.id}
            selected={membership.id === me.membership?.id}
            disabled={change.busy}
            onTap={() => void act(membership)}
          >
            {`${membership.roleLabel} · ${membership.organisation.name}`}
          </Chip>
        ))}
      </ChipRow>
      <Refusal refusal={change.refusal} />
    </Section>
  )
}

type Link = { title: string; detail: string; icon: IconName; open: () => Promise<void> }

const quota: Link = {
  title: '创新券额度',
  detail: '余额、预占与使用规则',
  icon: 'ticket-percent',
  open: () => go.voucher.quota(),
}
const claims: Link = {
  title: '兑付申报',
  detail: '可以申报的服务与办理进度',
  icon: 'hand-coins',
  open: () => go.redemption.openClaim(),
}
const desk: Link = {
  title: '对账兑付',
  detail: '宽屏操作，手机只读',
  icon: 'scale',
  open: () => go.redemption.deskReconciliation(),
}
const receipts: Link = {
  title: '到账核对',
  detail: '账单与银行流水',
  icon: 'banknote',
  open: () => go.charging.deskReceipts(),
}
const bankAccount: Link = {
  title: '收款账户',
  detail: '一人提请、另一人复核后启用',
  icon: 'banknote',
  open: () => go.identity.bankAccount(),
}
const settings: Link = {
  title: '设置',
  detail: '字号、深色',
  icon: 'settings',
  open: () => go.identity.settings(),
}

const organisation: Link = {
  title: '单位认证',
  detail: '认证状态、资质与有效期',
  icon: 'building-2',
  open: () => go.identity.verifyOrganisation(),
}
const members: Link = {
  title: '成员与额度',
  detail: '邀请同事、角色、审批限额',
  icon: 'users',
  open: () => go.identity.members(),
}
const technicians: Link = {
  title: '机组人员',
  detail: '岗位、资质、培训与值班',
  icon: 'id-card',
  open: () => go.identity.technicians(),
}
const organisations: Link = {
  title: '单位审核',
  detail: '宽屏操作，手机只读',
  icon: 'badge-check',
  open: () => go.identity.deskOrganisations(),
}
const audit: Link = {
  title: '审计台',
  detail: '权限、资金与受保护数据的记录',
  icon: 'scroll-text',
  open: () => go.identity.deskAudit(),
}
const devices: Link = {
  title: '登录设备',
  detail: '查看并下线其他设备',
  icon: 'monitor-smartphone',
  open: () => go.identity.devices(),
}
const privacy: Link = {
  title: '个人信息与隐私',
  detail: '同意记录、导出与注销',
  icon: 'shield-check',
  open: () => go.identity.privacy(),
}

/** What the access table lets this person do; desk pages are not in the mini-program. */
function linksOf(me: Me | null): Link[] {
  if (me === null) return [settings]
  const seat = seatOf(me)
  const may = (action: Action, link: Link, where: 'wide' | 'all' = 'all') =>
    whyNotAllowed(action, seat) === null && (isH5 || where === 'all') ? [link] : []
  const booker = familyOf(me.membership?.role ?? null) === 'enterprise'
  return [
    ...(me.membership === null || booker ? [organisation] : []),
    ...may('identity.listMembers', members),
    ...may('identity.listStaff', technicians),
    ...(booker ? may('voucher.listQuotas', quota) : []),
    ...may('redemption.listClaimable', claims),
    ...may('charging.confirmReceipt', receipts, 'wide'),
    ...may('identity.listBankAccounts', bankAccount),
    ...may('redemption.getDesk', desk, 'wide'),
    ...may('identity.listVerifications', organisations, 'wide'),
    ...may('identity.listAudit', audit, 'wide'),
    devices,
    privacy,
    settings,
  ]
}

/** What the access table is asked with. */
function seatOf({ membership, duties }: Me): Seat | null {
  return membership === null ? null : { role: membership.role, duties }
}

function Links({ me }: { me: Me | null }) {
  return (
    <Card>
      {linksOf(me).map((link) => (
        <Cell
          key={link.title}
          icon={link.icon}
          title={link.title}
          detail={link.detail}
          onTap={() => void link.open()}
        />
      ))}
    </Card>
  )
}

function LogOut() {
  const end = useWrite(identityEndpoints.logOut)
  const leave = async () => {
    // Offline the device forgets all the same; the log-in ends when it is idle.
    await end.run({})
    forgetLogIn()
    await restart.tabs.home()
  }
  return (
    <Button id="log-out" icon="log-out" size="block" onTap={() => void leave()}>
      退出登录
    </Button>
  )
}
