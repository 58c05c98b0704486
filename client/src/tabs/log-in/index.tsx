import { View } from '@tarojs/components'
import { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { DemoRole, LogIn } from '@yiqi/shared/identity/endpoints-log-in.ts'
import { restart, restartAt } from '../../kernel/go.ts'
import { keepLogIn } from '../../kernel/log-in.ts'
import { Banner } from '../../kernel/parts/banner.tsx'
import { Icon } from '../../kernel/parts/icon.tsx'
import { Grid } from '../../kernel/parts/list-detail.tsx'
import { Page } from '../../kernel/parts/page.tsx'
import { Refusal } from '../../kernel/parts/state.tsx'
import { Tag } from '../../kernel/parts/tag.tsx'
import { Tap } from '../../kernel/parts/tap.tsx'
import { hasWechatLogIn } from '../../kernel/platform/wechat-log-in.ts'
import { useParams } from '../../kernel/use-params.ts'
import { useQuery } from '../../kernel/use-query.ts'
import { useWrite } from '../../kernel/use-write.ts'
import { AgreementTick, recordAgreement, useAgreement } from './agreement.tsx'
import { PhoneLogIn } from './phone-log-in.tsx'
import { WechatLogIn } from './wechat-log-in.tsx'
import './index.scss'

/**
 * Log-in by phone and code, once the terms are agreed to; in a demonstration, by choosing a person,
 * where nobody's own data are given and nothing must be agreed to. Goes back to where it was asked
 * for.
 */
export default function LogInPage() {
  const { back } = useParams<'back'>()
  const agreement = useAgreement()
  const goOn = () => (back?.startsWith('/') ? restartAt(back) : restart.tabs.home())
  const lookedIn = async (logIn: LogIn | null) => {
    if (logIn === null) return
    keepLogIn(logIn)
    await goOn()
  }
  const entered = async (logIn: LogIn | null) => {
    if (logIn === null) return
    keepLogIn(logIn)
    await recordAgreement(agreement)
    await goOn()
  }
  const { reason } = agreement
  return (
    <Page title="登录">
      <DemoRoles onEnter={lookedIn} />
      <AgreementTick agreement={agreement} />
      {hasWechatLogIn ? <WechatLogIn reason={reason} onEnter={entered} /> : null}
      <PhoneLogIn reason={reason} onEnter={entered} />
      <View className="t13 ink3 log-in-foot">手机号只用于登录和预约通知。</View>
    </Page>
  )
}

function DemoRoles({ onEnter }: { onEnter: (logIn: LogIn | null) => Promise<void> }) {
  const query = useQuery(identityEndpoints.listDemoRoles, {})
  const enter = useWrite(identityEndpoints.logInAsDemo)
  if (query.data === null || query.data.rows.length === 0) return null
  const choose = async (person: DemoRole) => onEnter(await enter.run({ personId: person.personId }))
  return (
    <View className="stack">
      <Banner tone="info" icon="sparkles">
        演示环境：单位、人员和金额均为虚构。选一个身份，一点即进。
      </Banner>
      <Grid columns={3}>
        {query.data.rows.map((person) => (
          <DemoCard
            key={person.personId}
            person={person}
            busy={enter.busy}
            onTap={() => void choose(person)}
          />
        ))}
      </Grid>
      <Refusal refusal={enter.refusal} safe="未登录" />
    </View>
  )
}

function DemoCard({ person, busy, onTap }: { person: DemoRole; busy: boolean; onTap: () => void }) {
  return (
    <Tap
      id={`demo-${person.personId}`}
      className="p-card log-in-person"
      label={`以${person.roleLabel} ${person.name} 的身份进入`}
      disabled={busy}
      onTap={onTap}
    >
      <View className="log-in-face t17">{person.name.slice(0, 1)}</View>
      <View className="grow">
        <View className="row">
          <View className="t16 bold">{person.name}</View>
          <Tag tone="own">{person.roleLabel}</Tag>
        </View>
        <View className="t13 ink2 cut">{person.organisationName}</View>
        <View className="t13 ink3">{person.task}</View>
      </View>
      <Icon name="chevron-right" size={18} tone="ink3" />
    </Tap>
  )
}
