import { View } from '@tarojs/components'
import { identityEndpoints, type Me, type Membership } from '@yiqi/shared/identity/endpoints.ts'
import { familyOf, maskPhone, type RoleFamily } from '@yiqi/shared/identity/terms.ts'
import { go, restart } from '../../kernel/go.ts'
import { forgetLogIn, keepLogIn, useMe } from '../../kernel/log-in.ts'
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
      <Links
        family={familyOf(me?.membership.role ?? null)}
        auditor={me?.membership.role === 'auditor'}
      />
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
              <Tag tone="own">{membership.roleLabel}</Tag>
            </View>
            <View className="t14 ink2">{membership.organisation.name}</View>
            <View className="t13 ink3 num">
              {[user.title, maskPhone(user.phone)].filter(Boolean).join(' · ')}
            </View>
          </View>
        </View>
      </Card>
      {me.memberships.length < 2 ? null : <Roles me={me} />}
    </>
  )
}

function Roles({ me }: { me: Me }) {
  const change = useWrite(identityEndpoints.switchMembership)
  const act = async (membership: Membership) => {
    if (membership.id === me.membership.id) return
    const logIn = await change.run({ membershipId: membership.id })
    if (logIn === null) return
    keepLogIn(logIn)
    await restart.tabs.home({ tab: 'me' })
  }
  return (
    <Section title="切换身份">
      <ChipRow wrap>
        {me.memberships.map((membership) => (
          <Chip
            key={membership.id}
            selected={membership.id === me.membership.id}
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
const settings: Link = {
  title: '设置',
  detail: '字号、深色',
  icon: 'settings',
  open: () => go.identity.settings(),
}

/** Desk pages are not in the mini-program. */
function linksOf(family: RoleFamily, auditor: boolean): Link[] {
  const wide = (link: Link) => (isH5 ? [link] : [])
  switch (family) {
    case 'visitor':
      return [settings]
    case 'enterprise':
      return [quota, claims, settings]
    case 'institution':
    case 'finance':
      return [claims, ...wide(receipts), settings]
    case 'voucher':
      return [...wide(desk), settings]
    default:
      return [...(auditor ? wide(desk) : []), settings]
  }
}

function Links({ family, auditor }: { family: RoleFamily; auditor: boolean }) {
  return (
    <Card>
      {linksOf(family, auditor).map((link) => (
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
  const leave = async () => {
    forgetLogIn()
    await restart.tabs.home()
  }
  return (
    <Button id="log-out" icon="log-out" size="block" onTap={() => void leave()}>
      退出登录
    </Button>
  )
}
