import { View } from '@tarojs/components'
import { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { LogIn } from '@yiqi/shared/identity/endpoints-log-in.ts'
import { useState } from 'react'
import { serverNow, useServerNow } from '../../kernel/clock.ts'
import { Button, ReasonButton } from '../../kernel/parts/button.tsx'
import { Card } from '../../kernel/parts/card.tsx'
import { Field } from '../../kernel/parts/field.tsx'
import { Refusal } from '../../kernel/parts/state.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { isH5 } from '../../kernel/platform/target.ts'
import { issueOf } from '../../kernel/refused.ts'
import { useWrite } from '../../kernel/use-write.ts'
import { secondsLeft, whyNotPhone } from './log-in-rules.ts'

type PhoneLogInProps = {
  /** Why nobody may log in yet; null: they may. */
  reason: string | null
  onEnter: (logIn: LogIn | null) => Promise<void>
}

/** Phone and one-time code; another code may be asked for after a minute. */
export function PhoneLogIn({ reason, onEnter }: PhoneLogInProps) {
  const [phone, setPhone] = useState('')
  const [code, setCode] = useState('')
  const [codeId, setCodeId] = useState<string | null>(null)
  const [askedAt, setAskedAt] = useState<Date | null>(null)
  const request = useWrite(identityEndpoints.requestCode)
  const logIn = useWrite(identityEndpoints.logIn)
  const wrongPhone = whyNotPhone(phone)
  const ask = async () => {
    const sent = await request.run({ phone })
    if (sent === null) return
    setCodeId(sent.codeId)
    setAskedAt(serverNow())
    toast('验证码已发送，5 分钟内有效')
  }
  const enter = () => {
    if (codeId === null || reason !== null) return
    void logIn.run({ phone, code, codeId, channel: isH5 ? 'h5' : 'weapp' }).then(onEnter)
  }
  const refusal = logIn.refusal ?? request.refusal
  const ready = wrongPhone === null && code.length === 6 && codeId !== null
  return (
    <Card title="手机号登录">
      <View className="stack stack-8 log-in-form">
        <Field
          id="log-in-phone"
          label="手机号"
          type="tel"
          maxLength={11}
          value={phone}
          onInput={setPhone}
          placeholder="11 位手机号"
          error={(phone.length === 11 ? wrongPhone : null) ?? issueOf(refusal, 'phone')}
        />
        <Field
          id="log-in-code"
          label="验证码"
          type="tel"
          maxLength={6}
          value={code}
          onInput={setCode}
          placeholder="6 位数字"
          error={issueOf(refusal, 'code')}
          onConfirm={enter}
          extra={
            <AskCode
              askedAt={askedAt}
              busy={request.busy}
              disabled={wrongPhone !== null || reason !== null}
              onAsk={() => void ask()}
            />
          }
        />
        <Refusal refusal={refusal} safe="未登录" />
        <ReasonButton
          id="log-in-submit"
          kind="primary"
          size="block"
          reason={reason}
          busy={logIn.busy}
          disabled={!ready}
          onTap={enter}
        >
          登录
        </ReasonButton>
      </View>
    </Card>
  )
}

type AskCodeProps = { askedAt: Date | null; busy: boolean; disabled: boolean; onAsk: () => void }

function AskCode({ askedAt, busy, disabled, onAsk }: AskCodeProps) {
  const left = secondsLeft(askedAt, useServerNow(1000))
  return (
    <Button id="log-in-ask" kind="quiet" busy={busy} disabled={disabled || left > 0} onTap={onAsk}>
      {left > 0 ? `${left} 秒后重发` : askedAt === null ? '获取验证码' : '重新发送'}
    </Button>
  )
}
