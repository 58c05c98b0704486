import { View } from '@tarojs/components'
import { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import { useState } from 'react'
import { go, herePath, restart } from '../../kernel/go.ts'
import { keepMe, useMe } from '../../kernel/log-in.ts'
import { Button } from '../../kernel/parts/button.tsx'
import { Card } from '../../kernel/parts/card.tsx'
import { Cell } from '../../kernel/parts/cell.tsx'
import { Field } from '../../kernel/parts/field.tsx'
import { Page } from '../../kernel/parts/page.tsx'
import { Empty, Refusal, State } from '../../kernel/parts/state.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { useParams } from '../../kernel/use-params.ts'
import { useQuery } from '../../kernel/use-query.ts'
import { useWrite } from '../../kernel/use-write.ts'
import { codeFrom } from '../parts/member-rules.ts'

/** 加入单位: what a link invites to, for anybody who has it; accepting needs a log-in. */
export default function JoinPage() {
  const params = useParams<'code'>()
  const [typed, setTyped] = useState('')
  const code = codeFrom(params.code ?? '') ?? codeFrom(typed)
  return (
    <Page title="加入单位" first>
      {code === null ? (
        <Card>
          <Empty icon="mail-plus">请打开管理员发来的邀请链接，或把链接粘贴到这里。</Empty>
          <Field
            id="join-code"
            label="邀请链接"
            value={typed}
            maxLength={200}
            onInput={setTyped}
            error={typed === '' ? null : '这不是完整的邀请链接'}
          />
        </Card>
      ) : (
        <Invitation code={code} />
      )}
    </Page>
  )
}

function Invitation({ code }: { code: string }) {
  const me = useMe()
  const query = useQuery(identityEndpoints.getInvitation, { code })
  const accept = useWrite(identityEndpoints.acceptInvitation)
  const act = useWrite(identityEndpoints.switchMembership)
  const send = async () => {
    const membership = await accept.run({ code })
    if (membership === null) return
    const now = await act.run({ membershipId: membership.id })
    if (now !== null) keepMe(now)
    toast(`已加入 ${membership.organisation.name}`)
    await restart.tabs.home()
  }
  return (
    <State query={query}>
      {({ organisationName, roleLabel, invitedBy }) => (
        <Card title={organisationName}>
          <Cell icon="user" title={`${invitedBy} 邀请你加入`} detail={`身份：${roleLabel}`} />
          {me === null ? (
            <>
              <View className="t14 ink2">登录后接受邀请；没有账号时，用手机号登录即可注册。</View>
              <Button
                id="join-log-in"
                kind="primary"
                size="block"
                onTap={() => void go.tabs.logIn({ back: herePath() })}
              >
                登录后加入
              </Button>
            </>
          ) : (
            <>
              <View className="t14 ink2">{`将以 ${me.user.name} 的账号加入。`}</View>
              <Refusal refusal={accept.refusal ?? act.refusal} safe="未加入" />
              <Button
                id="join-accept"
                kind="primary"
                size="block"
                busy={accept.busy || act.busy}
                onTap={() => void send()}
              >
                接受邀请
              </Button>
            </>
          )}
        </Card>
      )}
    </State>
  )
}
