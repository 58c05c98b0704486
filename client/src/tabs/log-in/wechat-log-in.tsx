import { Button as PhoneButton, View } from '@tarojs/components'
import { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { LogIn } from '@yiqi/shared/identity/endpoints-log-in.ts'
import { useState } from 'react'
import { ReasonButton } from '../../kernel/parts/button.tsx'
import { Card } from '../../kernel/parts/card.tsx'
import { Refusal } from '../../kernel/parts/state.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { wechatCode } from '../../kernel/platform/wechat-log-in.ts'
import { useWrite } from '../../kernel/use-write.ts'

/**
 * Log-in by WeChat: one tap for who is known; the first time WeChat's own button also gives the
 * phone number, by a code that only the server can read.
 */
export function WechatLogIn({
  reason,
  onEnter,
}: {
  /** Why nobody may log in yet; null: they may. */
  reason: string | null
  onEnter: (logIn: LogIn | null) => Promise<void>
}) {
  const logIn = useWrite(identityEndpoints.logInWithWechat)
  const [first, setFirst] = useState(false)
  const enter = async (phoneCode?: string) => {
    const code = await wechatCode()
    if (code === null) return toast('微信没有答复，请改用手机号登录')
    const entered = await logIn.run({ code, ...(phoneCode === undefined ? {} : { phoneCode }) })
    if (entered !== null) return onEnter(entered)
    setFirst(true)
  }
  const needsPhone = first || logIn.refusal?.code === 'identity.phone_needed'
  return (
    <Card title="微信登录">
      <View className="stack stack-8 log-in-form">
        {needsPhone && reason === null ? (
          <PhoneButton
            id="log-in-wechat-phone"
            className="p-button p-button-primary p-button-block"
            openType="getPhoneNumber"
            onGetPhoneNumber={(event) => {
              const { code } = event.detail
              if (code) void enter(code)
              else toast('未授权手机号，可改用短信验证码登录')
            }}
          >
            授权手机号并登录
          </PhoneButton>
        ) : (
          <ReasonButton
            id="log-in-wechat"
            kind="primary"
            size="block"
            reason={reason}
            busy={logIn.busy}
            onTap={() => void enter()}
          >
            微信一键登录
          </ReasonButton>
        )}
        {needsPhone ? (
          <View className="t13 ink3">首次使用需要确认手机号，以后一键登录。</View>
        ) : null}
        {logIn.refusal?.code === 'identity.phone_needed' ? null : (
          <Refusal refusal={logIn.refusal} safe="未登录" />
        )}
      </View>
    </Card>
  )
}
