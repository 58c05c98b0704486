import { View } from '@tarojs/components'
import type { OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { stamp } from '@yiqi/shared/kernel/time.ts'
import { messageEndpoints } from '@yiqi/shared/message/endpoints.ts'
import { useEffect, useState } from 'react'
import { a11y } from '../../kernel/a11y.ts'
import { ChatBubble, ChatComposer, ChatNotice } from '../../kernel/parts/chat.tsx'
import { Empty, Refusal, State } from '../../kernel/parts/state.tsx'
import { type Query, useQuery } from '../../kernel/use-query.ts'
import { useWrite } from '../../kernel/use-write.ts'

export type Thread = OutputOf<typeof messageEndpoints.getThread>
type Entry = Thread['rows'][number]

const POLL_MS = 4000

/**
 * The conversation of a booking, asked again every four seconds, and marked read while it is on
 * screen.
 */
export function useThread(bookingId: string | null, shown: boolean): Query<Thread> {
  const query = useQuery(messageEndpoints.getThread, bookingId === null ? null : { bookingId }, {
    pollMs: POLL_MS,
  })
  const { run } = useWrite(messageEndpoints.markThreadRead)
  const unread = query.data?.unread ?? 0
  const { refresh } = query
  // What is on screen counts as read; only the server can be told so.
  useEffect(() => {
    if (bookingId === null || !shown || unread === 0) return
    void run({ bookingId }).then(refresh)
  }, [bookingId, shown, unread, run, refresh])
  return query
}

/** Messages and what happened, in one thread, oldest first. */
export function Conversation({ thread }: { thread: Query<Thread> }) {
  return (
    <View className="booking-thread">
      <ChatNotice>仅双方可见；平台与管理人员看不到对话</ChatNotice>
      <State
        query={thread}
        isEmpty={(data) => data.rows.length === 0}
        empty={<Empty icon="message-square">还没有消息。样品要求、到样时间都可以在这里说。</Empty>}
      >
        {(data) => (
          <View className="stack" {...a11y({ role: 'log', label: '会话', live: 'polite' })}>
            {data.rows.map((entry) => (
              <View key={entry.id} id={`entry-${entry.id}`}>
                <ThreadLine entry={entry} />
              </View>
            ))}
          </View>
        )}
      </State>
    </View>
  )
}

function ThreadLine({ entry }: { entry: Entry }) {
  const at = stamp(new Date(entry.at))
  if (entry.kind === 'event')
    return <View className="booking-thread-event t13 ink3 num">{`${entry.text} · ${at}`}</View>
  return (
    <ChatBubble mine={entry.mine} name={entry.author?.name ?? '系统'} at={at}>
      {entry.text}
    </ChatBubble>
  )
}

/** The line to write in; what was typed stays until the server has it. */
export function Composer({
  bookingId,
  onSent,
}: {
  bookingId: string
  onSent: () => Promise<void>
}) {
  const [text, setText] = useState('')
  const send = useWrite(messageEndpoints.sendMessage)
  const submit = async () => {
    const words = text.trim()
    if (words === '') return
    if ((await send.run({ bookingId, text: words })) === null) return
    setText('')
    await onSent()
  }
  return (
    <View className="grow stack stack-8">
      <Refusal refusal={send.refusal} safe="消息未发出，内容还在" />
      <ChatComposer
        id="chat-text"
        value={text}
        onInput={setText}
        busy={send.busy}
        onSend={() => void submit()}
      />
    </View>
  )
}
