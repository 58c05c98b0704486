import { Input, View } from '@tarojs/components'
import type { ReactNode } from 'react'
import { a11y } from '../a11y.ts'
import { IconButton } from './button.tsx'
import { Icon } from './icon.tsx'

export type ChatBubbleProps = {
  mine: boolean
  name: string
  /** When, as a short text. */
  at: string
  children: ReactNode
  /** A card instead of a bubble: a quote with its buttons. */
  card?: boolean
}

/** One message of a conversation. */
export function ChatBubble({ mine, name, at, children, card = false }: ChatBubbleProps) {
  return (
    <View className={`p-chat ${mine ? 'p-chat-mine' : ''}`}>
      {mine ? null : (
        <View className="p-chat-face t14" {...a11y({ hidden: true })}>
          {name.slice(0, 1)}
        </View>
      )}
      <View className="p-chat-column">
        <View className="t11 ink3">{mine ? at : `${name} · ${at}`}</View>
        <View className={card ? 'p-chat-card' : 'p-chat-bubble t14 selectable'}>{children}</View>
      </View>
    </View>
  )
}

/** A line between messages: who can see this conversation. */
export function ChatNotice({ children }: { children: string }) {
  return (
    <View className="p-chat-notice t13">
      <Icon name="lock" size={14} />
      <View>{children}</View>
    </View>
  )
}

export type ChatComposerProps = {
  value: string
  onInput: (value: string) => void
  onSend: () => void
  busy?: boolean
  placeholder?: string
  /** A button before the line: attach. */
  before?: ReactNode
  /** The line; its button is `…-send`. */
  id?: string
}

/** The line to write in; goes into the page's footer. */
export function ChatComposer({
  value,
  onInput,
  onSend,
  busy = false,
  placeholder = '发消息…',
  before,
  id = 'chat-text',
}: ChatComposerProps) {
  return (
    <View className="p-composer">
      {before}
      <Input
        id={id}
        className="p-composer-input"
        value={value}
        placeholder={placeholder}
        placeholderClass="p-field-placeholder"
        maxlength={1000}
        confirmType="send"
        confirmHold
        cursorSpacing={12}
        onInput={(event) => onInput(event.detail.value)}
        onConfirm={onSend}
        {...a11y({ label: placeholder })}
      />
      <IconButton
        id={`${id}-send`}
        icon="send"
        label="发送"
        disabled={busy || value.trim() === ''}
        onTap={onSend}
      />
    </View>
  )
}
