import { View } from '@tarojs/components'
import { type InboxEntry, messageEndpoints } from '@yiqi/shared/message/endpoints.ts'
import { useServerNow } from '../../kernel/clock.ts'
import { go } from '../../kernel/go.ts'
import { useMembership } from '../../kernel/log-in.ts'
import { Button } from '../../kernel/parts/button.tsx'
import { Icon } from '../../kernel/parts/icon.tsx'
import type { IconName } from '../../kernel/parts/icons.ts'
import { Frame } from '../../kernel/parts/page.tsx'
import { Empty, State } from '../../kernel/parts/state.tsx'
import { Tap } from '../../kernel/parts/tap.tsx'
import { usePages } from '../../kernel/use-pages.ts'
import { useWrite } from '../../kernel/use-write.ts'
import { agoWords } from './day.ts'
import { ListEnd } from './list-end.tsx'
import './inbox-panel.scss'

const POLL_MS = 5000
const NOW_EVERY_MS = 30_000

/** What happened that concerns this person, newest first. A tap opens it and marks it read. */
export function InboxPanel() {
  const membership = useMembership()
  const pages = usePages(messageEndpoints.listInbox, membership === null ? null : {}, {
    pollMs: POLL_MS,
  })
  const mark = useWrite(messageEndpoints.markInboxRead)
  const now = useServerNow(NOW_EVERY_MS)
  const { query } = pages
  const unread = query.data?.rows.some((entry) => !entry.read) === true
  const readAll = async () => {
    if ((await mark.run({})) !== null) await query.refresh()
  }
  const open = (entry: InboxEntry) => {
    if (!entry.read) void mark.run({ ids: [entry.id] }).then(() => query.refresh())
    if (entry.claimId !== null) void go.redemption.claim({ id: entry.claimId })
    else if (entry.bookingId !== null) void go.booking.booking({ id: entry.bookingId })
    else if (entry.event.startsWith('catalogue.')) void go.identity.technicians()
  }
  return (
    <Frame
      title="消息"
      actions={
        unread ? (
          <Button id="inbox-read-all" kind="quiet" busy={mark.busy} onTap={() => void readAll()}>
            全部已读
          </Button>
        ) : undefined
      }
      onBottom={pages.loadMore}
      onRefresh={query.refresh}
    >
      <State
        query={query}
        isEmpty={(data) => data.rows.length === 0}
        empty={
          <Empty icon="bell">
            还没有消息。预约答复、机时核对、付款和兑付的每一步都会写到这里。
          </Empty>
        }
      >
        {(data) => (
          <View className="inbox-list">
            {data.rows.map((entry) => (
              <Entry key={entry.id} entry={entry} now={now} onTap={() => open(entry)} />
            ))}
          </View>
        )}
      </State>
      <ListEnd pages={pages} all="没有更早的消息" />
    </Frame>
  )
}

const toneIcons: Record<InboxEntry['tone'], IconName> = {
  info: 'message-square',
  ok: 'circle-check',
  warn: 'clock',
  bad: 'circle-alert',
}

function Entry({ entry, now, onTap }: { entry: InboxEntry; now: Date; onTap: () => void }) {
  return (
    <Tap
      id={`inbox-${entry.id}`}
      className={`inbox-entry ${entry.read ? 'inbox-read' : ''}`}
      label={`${entry.read ? '' : '未读，'}${entry.title}，${entry.detail}`}
      onTap={onTap}
    >
      <View className={`inbox-icon inbox-${entry.tone}`}>
        <Icon name={toneIcons[entry.tone]} size={18} />
      </View>
      <View className="grow stack stack-4">
        <View className="row">
          <View className={`t16 grow cut ${entry.read ? '' : 'bold'}`}>{entry.title}</View>
          <View className="t13 ink3 num">{agoWords(new Date(entry.at), now)}</View>
        </View>
        <View className="t14 ink2">{entry.detail}</View>
      </View>
      {entry.read ? null : <View className="inbox-dot" />}
    </Tap>
  )
}
