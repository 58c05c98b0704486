import { View } from '@tarojs/components'
import { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import { familyOf } from '@yiqi/shared/identity/terms.ts'
import { useState } from 'react'
import { keepMe, useMe } from '../log-in.ts'
import { issueOf } from '../refused.ts'
import { type Asked, useAsked } from '../step-up.ts'
import { useQuery } from '../use-query.ts'
import { useWrite } from '../use-write.ts'
import { Banner } from './banner.tsx'
import { Button } from './button.tsx'
import { Field } from './field.tsx'
import { QrCode } from './qr-code.tsx'
import { Sheet } from './sheet.tsx'
import { Refusal } from './state.tsx'
import { toast } from './toast.tsx'

/** Asks for the second factor when a call needs it; every Page and Shell has one. */
export function StepUpSheet() {
  const asked = useAsked()
  const me = useMe()
  if (asked === null || me === null) return null
  const staff = familyOf(me.membership?.role ?? null) !== 'enterprise' && me.membership !== null
  const title = asked.why === 'step_up' ? '再次验证身份' : '二次验证'
  return (
    <Sheet open title={title} onClose={() => asked.answer(false)}>
      <View className="stack">
        <View className="t14 ink2">
          {asked.why === 'step_up'
            ? '涉及资金、权限或批量数据的操作，需要 5 分钟内验证过身份。验证后自动继续。'
            : '工作人员登录后须用动态口令验证一次。'}
        </View>
        {me.secondFactor === 'totp' ? (
          <Generator asked={asked} />
        ) : staff ? (
          <Enrol asked={asked} />
        ) : (
          <TextMessage asked={asked} />
        )}
      </View>
    </Sheet>
  )
}

type CodeProps = {
  label: string
  busy: boolean
  refusal: ReturnType<typeof useWrite>['refusal']
  onCode: (code: string) => void
}

/** Six digits and the button that sends them. */
function CodeForm({ label, busy, refusal, onCode }: CodeProps) {
  const [code, setCode] = useState('')
  return (
    <View className="stack stack-8">
      <Field
        id="step-up-code"
        label={label}
        type="tel"
        maxLength={6}
        value={code}
        onInput={setCode}
        placeholder="6 位数字"
        error={issueOf(refusal, 'code')}
        onConfirm={() => onCode(code)}
      />
      <Refusal refusal={refusal} safe="操作未执行" />
      <Button
        id="step-up-submit"
        kind="primary"
        size="block"
        busy={busy}
        disabled={code.length !== 6}
        onTap={() => onCode(code)}
      >
        验证并继续
      </Button>
    </View>
  )
}

function Generator({ asked }: { asked: Asked }) {
  const write = useWrite(identityEndpoints.stepUp)
  const give = async (code: string) => {
    const me = await write.run({ code })
    if (me === null) return
    keepMe(me)
    asked.answer(true)
  }
  return (
    <>
      <DemoCode busy={write.busy} onCode={(code) => void give(code)} />
      <CodeForm
        label="动态口令"
        busy={write.busy}
        refusal={write.refusal}
        onCode={(code) => void give(code)}
      />
    </>
  )
}

/** In a demonstration: the code that the person's phone would show, one tap to give it. */
function DemoCode({ busy, onCode }: { busy: boolean; onCode: (code: string) => void }) {
  const query = useQuery(identityEndpoints.getDemoCode, {}, { pollMs: 5_000 })
  const code = query.data?.code ?? null
  if (code === null) return null
  return (
    <Banner
      tone="info"
      icon="sparkles"
      action={
        <Button id="step-up-demo" kind="quiet" busy={busy} onTap={() => onCode(code)}>
          填入并继续
        </Button>
      }
    >
      {`演示：手机上的动态口令是 ${code}`}
    </Banner>
  )
}

/** Who serves others and has no second factor yet sets one up here. */
function Enrol({ asked }: { asked: Asked }) {
  const begin = useWrite(identityEndpoints.enrolFactor)
  const confirm = useWrite(identityEndpoints.confirmFactor)
  const [factor, setFactor] = useState<{ id: string; secret: string; uri: string } | null>(null)
  if (factor === null)
    return (
      <View className="stack stack-8">
        <View className="t14">
          还没有设置动态口令。请准备好手机上的验证器（如微信小程序“腾讯身份验证器”），设置只需一次。
        </View>
        <Refusal refusal={begin.refusal} />
        <Button
          id="enrol-factor"
          kind="primary"
          size="block"
          busy={begin.busy}
          onTap={() => void begin.run({}).then(setFactor)}
        >
          设置动态口令
        </Button>
      </View>
    )
  const give = async (code: string) => {
    const me = await confirm.run({ id: factor.id, code })
    if (me === null) return
    keepMe(me)
    toast('动态口令已启用')
    asked.answer(true)
  }
  return (
    <View className="stack stack-8">
      <QrCode text={factor.uri} label="动态口令二维码" />
      <View className="t13 ink3">无法扫码时手动输入密钥：</View>
      <View className="t14 num" id="factor-secret" style={{ wordBreak: 'break-all' }}>
        {factor.secret}
      </View>
      <CodeForm
        label="验证器显示的 6 位数字"
        busy={confirm.busy}
        refusal={confirm.refusal}
        onCode={(code) => void give(code)}
      />
    </View>
  )
}

function TextMessage({ asked }: { asked: Asked }) {
  const request = useWrite(identityEndpoints.requestStepUpCode)
  const write = useWrite(identityEndpoints.stepUp)
  const [codeId, setCodeId] = useState<string | null>(null)
  const give = async (code: string) => {
    if (codeId === null) return
    const me = await write.run({ code, codeId })
    if (me === null) return
    keepMe(me)
    asked.answer(true)
  }
  if (codeId === null)
    return (
      <View className="stack stack-8">
        <Refusal refusal={request.refusal} />
        <Button
          id="step-up-ask"
          kind="primary"
          size="block"
          busy={request.busy}
          onTap={() => void request.run({}).then((sent) => setCodeId(sent?.codeId ?? null))}
        >
          发送验证码到本人手机
        </Button>
      </View>
    )
  return (
    <CodeForm
      label="短信验证码"
      busy={write.busy}
      refusal={write.refusal}
      onCode={(code) => void give(code)}
    />
  )
}
