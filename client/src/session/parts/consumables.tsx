import { View } from '@tarojs/components'
import { useState } from 'react'
import { Button } from '../../kernel/parts/button.tsx'
import { Chip, ChipRow } from '../../kernel/parts/chip.tsx'
import { Field } from '../../kernel/parts/field.tsx'
import { Stepper } from '../../kernel/parts/stepper.tsx'

export type Consumable = { name: string; quantity: number }

const usual = ['导电胶', '喷金', '液氮', '手套', '样品台'] as const
const QUANTITY_MAX = 999
const NAME_MAX = 40
const KINDS_MAX = 30

export type ConsumablesProps = { value: Consumable[]; onChange: (value: Consumable[]) => void }

/** What was used up: the usual things by one tap, others by name. Zero takes a line away. */
export function Consumables({ value, onChange }: ConsumablesProps) {
  const [name, setName] = useState('')
  const set = (wanted: string, quantity: number) => {
    const others = value.map((one) => (one.name === wanted ? { ...one, quantity } : one))
    onChange(others.filter((one) => one.quantity > 0))
  }
  const add = (wanted: string) => {
    const known = value.find((one) => one.name === wanted)
    if (known !== undefined) set(wanted, Math.min(QUANTITY_MAX, known.quantity + 1))
    else if (value.length < KINDS_MAX) onChange([...value, { name: wanted, quantity: 1 }])
  }
  const addOther = () => {
    if (name.trim() === '') return
    add(name.trim())
    setName('')
  }
  return (
    <View className="finish-group">
      <View className="t16 bold">耗材</View>
      <ChipRow wrap>
        {usual.map((one) => (
          <Chip
            key={one}
            icon="plus"
            selected={value.some((used) => used.name === one)}
            onTap={() => add(one)}
          >
            {one}
          </Chip>
        ))}
      </ChipRow>
      {value.map((one) => (
        <View className="finish-line" key={one.name}>
          <View className="t14 grow">{one.name}</View>
          <Stepper
            label={one.name}
            max={QUANTITY_MAX}
            value={one.quantity}
            onChange={(quantity) => set(one.name, quantity)}
          />
        </View>
      ))}
      <Field
        id="finish-consumable"
        label="其他耗材"
        optional
        maxLength={NAME_MAX}
        value={name}
        onInput={setName}
        onConfirm={addOther}
        extra={
          <Button kind="quiet" disabled={name.trim() === ''} onTap={addOther}>
            添加
          </Button>
        }
      />
    </View>
  )
}
