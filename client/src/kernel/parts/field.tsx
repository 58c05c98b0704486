import { Input, Textarea, View } from '@tarojs/components'
import type { ReactNode } from 'react'
import { useState } from 'react'
import { a11y } from '../a11y.ts'
import { Icon } from './icon.tsx'
import { Tap } from './tap.tsx'

export type FieldProps = {
  label: string
  value: string
  onInput: (value: string) => void
  placeholder?: string
  /** What is wrong with it, in words; marks the field. */
  error?: string | null
  hint?: string
  /** A block of text (`multiline`) shows a counter of it. */
  maxLength?: number
  /** Keyboard: `number` whole numbers, `digit` with a decimal point, `tel` phone and codes. */
  type?: 'text' | 'number' | 'digit' | 'tel'
  multiline?: boolean
  disabled?: boolean
  optional?: boolean
  /** At the end of the line: a unit, a button. */
  extra?: ReactNode
  onConfirm?: () => void
  id?: string
}

/** A labelled line (or block) of text with its error below. */
export function Field(props: FieldProps) {
  const { label, value, error, hint, maxLength, multiline, optional = false, extra } = props
  const [focused, setFocused] = useState(false)
  return (
    <View className="p-field">
      <View className="p-field-label t14">
        {label}
        {optional ? <View className="t13 ink3">选填</View> : null}
      </View>
      <View
        className={`p-field-box ${focused ? 'p-field-focus' : ''} ${error ? 'p-field-bad' : ''}`}
      >
        <FieldInput {...props} onFocus={setFocused} />
        {extra === undefined ? null : <View className="p-field-extra t14 ink2">{extra}</View>}
      </View>
      <View className="p-field-under t13">
        <View className="grow" {...a11y({ live: 'polite' })}>
          {error ? (
            <View className="row bad">
              <Icon name="circle-alert" size={14} />
              {error}
            </View>
          ) : (
            <View className="ink3">{hint ?? ''}</View>
          )}
        </View>
        {maxLength === undefined || multiline !== true ? null : (
          <View className="ink3 num">{`${value.length}/${maxLength}`}</View>
        )}
      </View>
    </View>
  )
}

function FieldInput({
  id,
  label,
  value,
  onInput,
  placeholder = '',
  maxLength = 140,
  type = 'text',
  multiline,
  disabled = false,
  onConfirm,
  onFocus,
}: FieldProps & { onFocus: (on: boolean) => void }) {
  const shared = {
    ...(id === undefined ? {} : { id }),
    value,
    placeholder,
    placeholderClass: 'p-field-placeholder',
    maxlength: maxLength,
    disabled,
    onInput: (event: { detail: { value: string } }) => onInput(event.detail.value),
    onFocus: () => onFocus(true),
    onBlur: () => onFocus(false),
    ...(onConfirm === undefined ? {} : { onConfirm: () => onConfirm() }),
    ...a11y({ label }),
  }
  if (multiline) return <Textarea {...shared} className="p-field-area" autoHeight={false} />
  return <Input {...shared} className="p-field-input" type={type === 'tel' ? 'number' : type} />
}

export type SearchBoxProps = {
  value: string
  onInput: (value: string) => void
  onSearch?: () => void
  placeholder: string
  /** Only looks like a field: a tap opens the search page. */
  onTap?: () => void
  id?: string
}

/** The round search line; with `onTap` it only looks like one and opens the search page. */
export function SearchBox({ value, onInput, onSearch, placeholder, onTap, id }: SearchBoxProps) {
  const named = id === undefined ? {} : { id }
  if (onTap !== undefined) {
    return (
      <Tap {...named} className="p-search" role="link" label={placeholder} onTap={onTap}>
        <Icon name="search" size={18} tone="ink2" />
        <View className="p-search-words cut">{value === '' ? placeholder : value}</View>
      </Tap>
    )
  }
  return (
    <View className="p-search">
      <Icon name="search" size={18} tone="ink2" />
      <Input
        {...named}
        className="p-search-input"
        value={value}
        placeholder={placeholder}
        placeholderClass="p-field-placeholder"
        maxlength={60}
        confirmType="search"
        onInput={(event) => onInput(event.detail.value)}
        onConfirm={() => onSearch?.()}
        {...a11y({ label: placeholder })}
      />
    </View>
  )
}
