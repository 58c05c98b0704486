import { View } from '@tarojs/components'
import { type DemoRole, identityEndpoints, type LogIn } from '@yiqi/shared/identity/endpoints.ts'
import { useState } from 'react'
import { restart, restartAt } from '../../kernel/go.ts'
import { keepLogIn } from '../../kernel/log-in.ts'
import { Button } from '../../kernel/parts/button.tsx'
import { Card, Section } from '../../kernel/parts/card.tsx'
import { Cell } from '../../kernel/parts/cell.tsx'
import { Field } from '../../kernel/parts/field.tsx'
import { Page } from '../../kernel/parts/page.tsx'
import { Refusal } from '../../kernel/parts/state.tsx'
import { Tag } from '../../kernel/parts/tag.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { issueOf } from '../../kernel/refused.ts'
import { useParams } from '../../kernel/use-params.ts'
import { useQuery } from '../../kernel/use-query.ts'
import { useWrite } from '../../kernel/use-write.ts'

/** Log-in by phone and code; in a demonstration, by choosing a person. */
export default function LogInPage() {
  const params = useParams<'back'>()
  const entered = async (logIn: LogIn | null) => {
    if (logIn === null) return
    keepLogIn(logIn)
    const back = params.back ?? ''
    await (back.startsWith('/') ? restartAt(back) : restart.tabs.home())
  }
  return (
    <Page title="登录">
      <DemoRoles onEnter={entered} />
      <PhoneLogIn onEnter={entered} />
    </Page>
  )
}

type EnterProps = { onEnter: (logIn: LogIn | null) => Promise<void> }

function DemoRoles({ onEnter }: EnterProps) {
  const query = useQuery(identityEndpoints.listDemoRoles, {})
  const enter = useWrite(identityEndpoints.logInAsDemo)
  if (query.data === null || query.data.rows.length === 0) return null
  const choose = async (person: DemoRole) => onEnter(await enter.run({ personId: person.personId }))
  return (
    <Section title="演示人物" extra={<Tag tone="info">一点即进</Tag>}>
      <Card>
        {query.data.rows.map((person) => (
          <Cell
            key={person.personId}
            icon="user"
            title={`${person.name} · ${person.roleLabel}`}
            detail={`${person.organisationName}：${person.task}`}
            label={`以${person.name}（${person.roleLabel}）进入`}
            onTap={() => void choose(person)}
          />
        ))}
      </Card>
      <Refusal refusal={enter.refusal} />
    </Section>
  )
}

function PhoneLogIn({ onEnter }: EnterProps) {
  const [phone, setPhone] = useState('')
  const [code, setCode] = useState('')
  const request = useWrite(identityEndpoints.requestCode)
  const logIn = useWrite(identityEndpoints.logIn)
  const ask = async () => {
    if ((await request.run({ phone })) !== null) toast('验证码已发送')
  }
  const refusal = logIn.refusal ?? request.refusal
  return (
    <Section title="手机号登录">
      <Card>
        <View className="stack stack-8">
          <Field
            id="phone"
            label="手机号"
            type="tel"
            maxLength={11}
            value={phone}
            onInput={setPhone}
            error={issueOf(refusal, 'phone')}
          />
          <Field
            id="code"
            label="验证码"
            type="tel"
            maxLength={6}
            value={code}
            onInput={setCode}
            error={issueOf(refusal, 'code')}
            extra={
              <Button
                kind="quiet"
                busy={request.busy}
                disabled={phone.length !== 11}
                onTap={() => void ask()}
              >
                获取验证码
              </Button>
            }
          />
          <Refusal refusal={refusal} />
          <Button
            kind="primary"
            size="block"
            busy={logIn.busy}
            disabled={phone.length !== 11 || code.length !== 6}
            onTap={() => void logIn.run({ phone, code }).then(onEnter)}
          >
            登录
          </Button>
        </View>
      </Card>
    </Section>
  )
}
