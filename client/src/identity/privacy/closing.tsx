import { View } from '@tarojs/components'
import { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import {
  CLOSING_WORDS,
  type ClosingReason,
  closingReasonLabels,
  closingReasons,
  ERASED_WITHIN_DAYS,
  erasedAfterClosing,
  keptAfterClosing,
  REOPEN_DAYS,
} from '@yiqi/shared/identity/terms-privacy.ts'
import { useState } from 'react'
import { restart } from '../../kernel/go.ts'
import { forgetLogIn } from '../../kernel/log-in.ts'
import { Button, ReasonButton } from '../../kernel/parts/button.tsx'
import { Card } from '../../kernel/parts/card.tsx'
import { Cell } from '../../kernel/parts/cell.tsx'
import { Chip, ChipRow } from '../../kernel/parts/chip.tsx'
import { Field } from '../../kernel/parts/field.tsx'
import { Sheet } from '../../kernel/parts/sheet.tsx'
import { Refusal } from '../../kernel/parts/state.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { useWrite } from '../../kernel/use-write.ts'

/** 注销账号: says what goes and what stays, and is confirmed by typing its name. */
export function Closing() {
  const [open, setOpen] = useState(false)
  return (
    <Card title="注销账号">
      <View className="stack stack-8">
        <View className="t14 ink2">
          {`退出全部单位和设备；${REOPEN_DAYS} 天内登录可以恢复，${ERASED_WITHIN_DAYS} 天内清除个人信息。`}
        </View>
        <Button id="closing-open" kind="danger" onTap={() => setOpen(true)}>
          注销账号
        </Button>
      </View>
      <ClosingSheet key={String(open)} open={open} onClose={() => setOpen(false)} />
    </Card>
  )
}

function ClosingSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const [typed, setTyped] = useState('')
  const [reason, setReason] = useState<ClosingReason | null>(null)
  const close = useWrite(identityEndpoints.closeAccount)
  const send = async () => {
    const given = { confirmation: typed.trim(), ...(reason === null ? {} : { reason }) }
    if ((await close.run(given)) === null) return
    forgetLogIn()
    toast(`账号已注销，${REOPEN_DAYS} 天内登录可以恢复`)
    await restart.tabs.home()
  }
  return (
    <Sheet
      open={open}
      title="注销账号"
      onClose={onClose}
      footer={
        <ReasonButton
          id="closing-submit"
          kind="danger"
          size="block"
          busy={close.busy}
          reason={typed.trim() === CLOSING_WORDS ? null : 'identity.closing_unconfirmed'}
          onTap={() => void send()}
        >
          注销账号
        </ReasonButton>
      }
    >
      <View className="t16 bold">{`${ERASED_WITHIN_DAYS} 天内清除`}</View>
      {erasedAfterClosing.map((words) => (
        <Cell key={words} title={words} />
      ))}
      <View className="t16 bold">依法保存</View>
      {keptAfterClosing.map(({ what, years, why }) => (
        <Cell
          key={what}
          title={what}
          detail={why}
          value={years === null ? '永久' : `${years} 年`}
        />
      ))}
      <View className="t14 ink2">有未完成的预约须先取消或完成；最后一位管理员须先指定接任者。</View>
      <ChipRow wrap>
        {closingReasons.map((one) => (
          <Chip
            key={one}
            selected={one === reason}
            onTap={() => setReason(one === reason ? null : one)}
          >
            {closingReasonLabels[one]}
          </Chip>
        ))}
      </ChipRow>
      <Field
        id="closing-words"
        label={`输入“${CLOSING_WORDS}”以确认`}
        value={typed}
        maxLength={20}
        onInput={setTyped}
      />
      <Refusal refusal={close.refusal} safe="账号未注销" />
    </Sheet>
  )
}
