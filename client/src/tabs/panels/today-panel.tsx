import { View } from '@tarojs/components'
import type { BookingCard } from '@yiqi/shared/booking/endpoints.ts'
import { addDays, type DateText, dateOf } from '@yiqi/shared/kernel/time.ts'
import { sessionEndpoints } from '@yiqi/shared/session/endpoints.ts'
import { useRef, useState } from 'react'
import { ConfirmSheet, DeclineSheet } from '../../booking/parts/answer-sheets.tsx'
import { a11y } from '../../kernel/a11y.ts'
import { serverNow, useServerNow } from '../../kernel/clock.ts'
import { go } from '../../kernel/go.ts'
import { Button, IconButton } from '../../kernel/parts/button.tsx'
import { Section } from '../../kernel/parts/card.tsx'
import { Frame } from '../../kernel/parts/page.tsx'
import { useScanner } from '../../kernel/parts/scan-sheet.tsx'
import { Empty, Skeleton, State } from '../../kernel/parts/state.tsx'
import { useLayout } from '../../kernel/use-layout.ts'
import { useQuery } from '../../kernel/use-query.ts'
import { useWrite } from '../../kernel/use-write.ts'
import { boardOf, type Day, type DayItem, dayItems, dayWords, hoursShort } from './day.ts'
import { OutageSheet } from './outage-sheet.tsx'
import { type CardDeeds, DayCard, OutageRow, RequestCard } from './today-card.tsx'
import './today-panel.scss'

const POLL_MS = 5000
const NOW_EVERY_MS = 15_000

/** The technician's day: what is to be answered, what comes next, what is out of service. */
export function TodayPanel({ onTab }: { onTab: (id: string) => void }) {
  const { wide } = useLayout()
  const [chosen, setChosen] = useState<DateText | null>(null)
  const [asked, setAsked] = useState<{ deed: 'confirm' | 'decline'; booking: BookingCard } | null>(
    null,
  )
  const query = useQuery(sessionEndpoints.listToday, chosen === null ? {} : { date: chosen }, {
    pollMs: POLL_MS,
    keepOld: true,
  })
  const today = dateOf(serverNow())
  const date = chosen ?? query.data?.date ?? today
  const { start, sheet } = useCheckIn()
  const deeds: CardDeeds = {
    onConfirm: (booking) => setAsked({ deed: 'confirm', booking }),
    onDecline: (booking) => setAsked({ deed: 'decline', booking }),
    onScan: (booking) => start(booking.id),
  }
  const answering = (deed: 'confirm' | 'decline') => (asked?.deed === deed ? asked.booking : null)
  const answered = { onClose: () => setAsked(null), onDone: () => void query.refresh() }
  const due = query.data?.rows.some((row) => row.booking.actions.includes('checkIn')) === true
  const scan = (
    <Button
      id="today-scan"
      kind={due ? 'secondary' : 'primary'}
      size={wide ? 'normal' : 'block'}
      icon="scan-line"
      onTap={() => start(null)}
    >
      扫仪器码
    </Button>
  )
  return (
    <Frame title="今日" {...(wide ? { actions: scan } : { footer: scan })}>
      <State query={query}>
        {(day) => (
          <>
            <Counts day={day} />
            <Requests day={day} deeds={deeds} />
          </>
        )}
      </State>
      <DaySwitch
        date={date}
        today={today}
        onChange={(next) => setChosen(next === today ? null : next)}
      />
      {query.data?.date === date ? (
        <DayBoard day={query.data} deeds={deeds} onTab={onTab} />
      ) : query.data === null ? null : (
        <Skeleton cards={2} />
      )}
      <ConfirmSheet booking={answering('confirm')} {...answered} />
      <DeclineSheet booking={answering('decline')} {...answered} />
      {sheet}
    </Frame>
  )
}

/**
 * Scanning starts the booking it was tapped on, or the one that is due on the scanned instrument.
 */
function useCheckIn() {
  const wanted = useRef<string | null>(null) // read after the camera closed, renders later
  const checkIn = useWrite(sessionEndpoints.checkIn)
  const scanner = useScanner({
    title: '扫码开始',
    busy: checkIn.busy,
    refusal: checkIn.refusal,
    safe: '未开始计时',
    onCode: (code) => void started(code),
    onOther: (code) => {
      scanner.close()
      void go.tabs.scan({ code })
    },
  })
  const started = async (code: string) => {
    const bookingId = wanted.current
    const session = await checkIn.run({ code, ...(bookingId === null ? {} : { bookingId }) })
    if (session === null) return
    scanner.close()
    await go.session.runSession({ id: session.id })
  }
  const start = (id: string | null) => {
    wanted.current = id
    checkIn.clear()
    scanner.start()
  }
  return { start, sheet: scanner.sheet }
}

function Counts({ day }: { day: Day }) {
  const counts = [
    { value: String(boardOf(day).rows.length), label: '今日' },
    { value: String(day.toConfirm), label: '待确认' },
    { value: hoursShort(day.bookedMinutes), label: '机时' },
  ]
  return (
    <View className="today-counts">
      {counts.map((count) => (
        <View
          className="today-count"
          key={count.label}
          {...a11y({ role: 'group', label: `${count.label} ${count.value}` })}
        >
          <View className="t20 num">{count.value}</View>
          <View className="t13 ink2">{count.label}</View>
        </View>
      ))}
    </View>
  )
}

/** What other days ask for stands on top: the answer clock is running. */
function Requests({ day, deeds }: { day: Day; deeds: CardDeeds }) {
  const now = useServerNow(NOW_EVERY_MS)
  const { elsewhere } = boardOf(day)
  if (elsewhere.length === 0) return null
  return (
    <Section title={`待答复 · 其他日期 ${elsewhere.length} 单`}>
      {elsewhere.map((booking) => (
        <RequestCard key={booking.id} booking={booking} now={now} deeds={deeds} />
      ))}
    </Section>
  )
}

type DaySwitchProps = { date: DateText; today: DateText; onChange: (date: DateText) => void }

function DaySwitch({ date, today, onChange }: DaySwitchProps) {
  return (
    <View className="today-switch">
      <IconButton
        id="today-previous"
        icon="chevron-left"
        label="前一天"
        onTap={() => onChange(addDays(date, -1))}
      />
      <View className="t16 bold grow num today-date">{dayWords(date, today)}</View>
      {date === today ? null : (
        <Button id="today-back" kind="quiet" onTap={() => onChange(today)}>
          回今天
        </Button>
      )}
      <IconButton
        id="today-next"
        icon="chevron-right"
        label="后一天"
        onTap={() => onChange(addDays(date, 1))}
      />
    </View>
  )
}

type DayBoardProps = { day: Day; deeds: CardDeeds; onTab: (id: string) => void }

function DayBoard({ day, deeds, onTab }: DayBoardProps) {
  const now = useServerNow(NOW_EVERY_MS)
  const items = dayItems({ ...day, rows: boardOf(day).rows }, now)
  return (
    <>
      {items.length === 0 ? (
        <Empty icon="calendar" action={{ words: '看日程', onTap: () => onTab('schedule') }}>
          这一天没有预约，新的申请会自动出现在这里。
        </Empty>
      ) : (
        <View className="today-board">
          {items.map((item) => (
            <BoardItem
              key={`${item.kind} ${item.id}`}
              item={item}
              day={day}
              now={now}
              deeds={deeds}
            />
          ))}
        </View>
      )}
      <OutageSheet day={day} />
    </>
  )
}

function BoardItem({
  item,
  day,
  now,
  deeds,
}: {
  item: DayItem
  day: Day
  now: Date
  deeds: CardDeeds
}) {
  switch (item.kind) {
    case 'hour':
      return <View className="today-hour t13 ink3 num">{item.label}</View>
    case 'now':
      return (
        <View className="today-now" {...a11y({ role: 'separator', label: `现在 ${item.label}` })}>
          <View className="t13 num">{item.label}</View>
        </View>
      )
    case 'booking':
      return <DayCard row={item.row} date={day.date} now={now} deeds={deeds} />
    case 'outage':
      return <OutageRow outage={item.outage} date={day.date} />
  }
}
