import { View } from '@tarojs/components'
import type { ReactNode } from 'react'
import { a11y } from '../a11y.ts'
import { Icon } from './icon.tsx'
import { Tap } from './tap.tsx'

export type CheckboxProps = {
  children: ReactNode
  checked: boolean
  onChange: (checked: boolean) => void
  disabled?: boolean
  label?: string
  id?: string
}

/** A tick with its sentence; the whole line is the target. */
export function Checkbox({
  children,
  checked,
  onChange,
  disabled = false,
  label,
  id,
}: CheckboxProps) {
  return (
    <Tap
      {...(id === undefined ? {} : { id })}
      role="checkbox"
      className="p-check"
      state={{ checked }}
      disabled={disabled}
      onTap={() => onChange(!checked)}
      {...(label === undefined ? {} : { label })}
    >
      <View className={`p-check-box ${checked ? 'p-check-on' : ''}`}>
        {checked ? <Icon name="check" size={16} /> : null}
      </View>
      <View className="grow t14">{children}</View>
    </Tap>
  )
}

export type RadioGroupProps<T extends string> = {
  label: string
  options: readonly { value: T; label: string; detail?: string; disabled?: boolean }[]
  value: T | null
  onChange: (value: T) => void
}

/** One of a few, each with a line of explanation. */
export function RadioGroup<T extends string>({
  label,
  options,
  value,
  onChange,
}: RadioGroupProps<T>) {
  return (
    <View className="p-radios" {...a11y({ role: 'radiogroup', label })}>
      {options.map((option) => (
        <Tap
          key={option.value}
          role="radio"
          className={`p-radio ${option.value === value ? 'p-radio-on' : ''}`}
          state={{ checked: option.value === value }}
          disabled={option.disabled === true}
          onTap={() => onChange(option.value)}
        >
          <View className="p-radio-dot" />
          <View className="grow">
            <View className="t14">{option.label}</View>
            {option.detail === undefined ? null : <View className="t13 ink3">{option.detail}</View>}
          </View>
        </Tap>
      ))}
    </View>
  )
}
