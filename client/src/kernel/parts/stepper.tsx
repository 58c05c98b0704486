import { View } from '@tarojs/components'
import { a11y } from '../a11y.ts'
import { IconButton } from './button.tsx'

export type StepperProps = {
  label: string
  value: number
  onChange: (value: number) => void
  min?: number
  max?: number
  step?: number
  unit?: string
  /** Of the whole; its buttons are `…-less` and `…-more`. */
  id?: string
}

/** A small whole number, by taps. */
export function Stepper({
  label,
  value,
  onChange,
  min = 0,
  max = 99,
  step = 1,
  unit = '',
  id,
}: StepperProps) {
  return (
    <View
      {...(id === undefined ? {} : { id })}
      className="p-stepper"
      {...a11y({ role: 'group', label })}
    >
      <IconButton
        {...(id === undefined ? {} : { id: `${id}-less` })}
        icon="minus"
        label={`减少${label}`}
        disabled={value - step < min}
        onTap={() => onChange(value - step)}
      />
      <View
        className="p-stepper-value t17 num"
        {...a11y({ live: 'polite' })}
      >{`${value}${unit}`}</View>
      <IconButton
        {...(id === undefined ? {} : { id: `${id}-more` })}
        icon="plus"
        label={`增加${label}`}
        disabled={value + step > max}
        onTap={() => onChange(value + step)}
      />
    </View>
  )
}
