import { View } from '@tarojs/components'
import { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import { cities, type UserKind, userKindLabels, userKinds } from '@yiqi/shared/identity/terms.ts'
import { organisationSizes } from '@yiqi/shared/identity/terms-organisations.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { useState } from 'react'
import { keepMe } from '../../kernel/log-in.ts'
import { Banner } from '../../kernel/parts/banner.tsx'
import { Button } from '../../kernel/parts/button.tsx'
import { Card } from '../../kernel/parts/card.tsx'
import { Chip, ChipRow } from '../../kernel/parts/chip.tsx'
import { Field } from '../../kernel/parts/field.tsx'
import { Refusal } from '../../kernel/parts/state.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { issueOf, type Refused } from '../../kernel/refused.ts'
import { useWrite } from '../../kernel/use-write.ts'
import { usccHints, whyNotUscc } from './organisation-rules.ts'

type Size = (typeof organisationSizes)[number]
type Words = { name: string; address: string; legalRepresentative: string }

const cityNames = Object.values(cities)

/** 登记单位: who it is. The person becomes its administrator and goes on to the papers. */
export function RegisterForm() {
  const [userKind, setUserKind] = useState<UserKind>('enterprise')
  const [uscc, setUscc] = useState('')
  const [size, setSize] = useState<Size | null>(null)
  const [city, setCity] = useState<string>(cityNames[0] ?? '')
  const [text, setText] = useState<Words>({ name: '', address: '', legalRepresentative: '' })
  const register = useRegister()
  const wrong = whyNotUscc(uscc)
  const words = Object.values(text).every((value) => value.trim() !== '')
  const ready = words && text.name.trim().length > 1 && uscc !== '' && wrong === null
  const send = () =>
    register.send({ ...text, uscc, userKind, city, ...(size === null ? {} : { size }) })
  const lines = { text, onChange: setText, refusal: register.refusal }
  return (
    <Card title="登记单位">
      <View className="stack">
        <Choice
          label="单位类型"
          options={userKinds.map((value) => ({ value, label: userKindLabels[value] }))}
          value={userKind}
          onChange={setUserKind}
        />
        <Line {...lines} name="name" label="单位名称" />
        <Field
          id="register-uscc"
          label="统一社会信用代码"
          value={uscc}
          maxLength={18}
          onInput={(value) => setUscc(value.trim().toUpperCase())}
          placeholder="18 位"
          error={wrong ?? issueOf(register.refusal, 'uscc')}
        />
        <Hints words={usccHints(uscc, userKind)} />
        <Line {...lines} name="legalRepresentative" label="法定代表人" />
        <Choice
          label="所在市"
          options={cityNames.map((value) => ({ value, label: value }))}
          value={city}
          onChange={setCity}
        />
        <Line {...lines} name="address" label="注册地址" />
        {userKind !== 'enterprise' ? null : (
          <Choice
            label="规模"
            options={organisationSizes.map((value) => ({ value, label: value }))}
            value={size}
            onChange={setSize}
          />
        )}
        <Refusal refusal={register.refusal} safe="未登记" />
        <Button
          id="register-submit"
          kind="primary"
          size="block"
          busy={register.busy}
          disabled={!ready}
          onTap={() => void send()}
        >
          登记并成为管理员
        </Button>
      </View>
    </Card>
  )
}

/** Registers, and goes on in the new role. */
function useRegister() {
  const register = useWrite(identityEndpoints.registerOrganisation)
  const act = useWrite(identityEndpoints.switchMembership)
  const send = async (asked: InputOf<typeof identityEndpoints.registerOrganisation>) => {
    const membership = await register.run(asked)
    if (membership === null) return
    const me = await act.run({ membershipId: membership.id })
    if (me === null) return
    keepMe(me)
    toast('已登记，请提交认证材料')
  }
  return { send, busy: register.busy || act.busy, refusal: register.refusal ?? act.refusal }
}

type LineProps = {
  name: keyof Words
  label: string
  text: Words
  onChange: (text: Words) => void
  refusal: Refused | null
}

function Line({ name, label, text, onChange, refusal }: LineProps) {
  return (
    <Field
      id={`register-${name}`}
      label={label}
      value={text[name]}
      maxLength={name === 'address' ? 200 : 60}
      placeholder="与执照一致"
      onInput={(value) => onChange({ ...text, [name]: value })}
      error={issueOf(refusal, name)}
    />
  )
}

/** What an officer will ask about; nothing of it keeps anybody from going on. */
function Hints({ words }: { words: readonly string[] }) {
  if (words.length === 0) return null
  return <Banner tone="warn">{`可以继续登记，审核时会核对：${words.join('；')}`}</Banner>
}

type ChoiceProps<T extends string> = {
  label: string
  options: readonly { value: T; label: string }[]
  value: T | null
  onChange: (value: T) => void
}

/** One of a few, as chips under a label. */
export function Choice<T extends string>({ label, options, value, onChange }: ChoiceProps<T>) {
  return (
    <View className="stack stack-8">
      <View className="t14 ink2">{label}</View>
      <ChipRow wrap>
        {options.map((option) => (
          <Chip
            key={option.value}
            selected={option.value === value}
            onTap={() => onChange(option.value)}
          >
            {option.label}
          </Chip>
        ))}
      </ChipRow>
    </View>
  )
}
