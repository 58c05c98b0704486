import { View } from '@tarojs/components'
import { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { Member } from '@yiqi/shared/identity/endpoints-members.ts'
import { useState } from 'react'
import { Button } from '../../kernel/parts/button.tsx'
import { Field } from '../../kernel/parts/field.tsx'
import { Sheet } from '../../kernel/parts/sheet.tsx'
import { Refusal } from '../../kernel/parts/state.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { useWrite } from '../../kernel/use-write.ts'
import { limitFrom, limitText } from './member-rules.ts'

export type Limits = { order: string; month: string }

type LimitFieldsProps = { value: Limits; onChange: (value: Limits) => void }

/** The two limits; an empty field is no limit. */
export function LimitFields({ value, onChange }: LimitFieldsProps) {
  const field = (name: keyof Limits, label: string) => (
    <Field
      id={`limit-${name}`}
      label={label}
      optional
      type="digit"
      maxLength={14}
      value={value[name]}
      onInput={(text) => onChange({ ...value, [name]: text })}
      hint="空白为不限"
      error={limitFrom(value[name]) === undefined ? '请填写金额' : null}
      extra="元"
    />
  )
  return (
    <View className="stack stack-8">
      {field('order', '每单限额')}
      {field('month', '每月限额')}
      <View className="t13 ink3">超过任一限额的预约由管理员批准后才送达机构。</View>
    </View>
  )
}

type LimitsSheetProps = {
  /** Null keeps the sheet closed. */
  member: Member | null
  onClose: () => void
  onDone: () => void
}

/** 限额: up to which amounts a colleague books without asking. */
export function LimitsSheet({ member, onClose, onDone }: LimitsSheetProps) {
  const [limits, setLimits] = useState<Limits>({
    order: limitText(member?.orderLimitFen ?? null),
    month: limitText(member?.monthLimitFen ?? null),
  })
  const write = useWrite(identityEndpoints.setMemberLimits)
  const orderLimitFen = limitFrom(limits.order)
  const monthLimitFen = limitFrom(limits.month)
  const send = async () => {
    if (member === null || orderLimitFen === undefined || monthLimitFen === undefined) return
    if ((await write.run({ id: member.id, orderLimitFen, monthLimitFen })) === null) return
    toast('限额已保存')
    onClose()
    onDone()
  }
  return (
    <Sheet
      open={member !== null}
      title={`${member?.name ?? ''} 的限额`}
      onClose={onClose}
      footer={
        <Button
          id="limits-submit"
          kind="primary"
          size="block"
          busy={write.busy}
          disabled={orderLimitFen === undefined || monthLimitFen === undefined}
          onTap={() => void send()}
        >
          保存限额
        </Button>
      }
    >
      <LimitFields value={limits} onChange={setLimits} />
      <Refusal refusal={write.refusal} safe="限额未改变" />
    </Sheet>
  )
}
