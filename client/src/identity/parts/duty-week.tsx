import { View } from '@tarojs/components'
import { catalogueEndpoints } from '@yiqi/shared/catalogue/endpoints.ts'
import type { DutyShift } from '@yiqi/shared/catalogue/endpoints-team.ts'
import { whyNotCancelDuty } from '@yiqi/shared/catalogue/rules.ts'
import { addDays, type DateText, dateOf, dayLabel } from '@yiqi/shared/kernel/time.ts'
import { useState } from 'react'
import { serverNow } from '../../kernel/clock.ts'
import { Button } from '../../kernel/parts/button.tsx'
import { Card } from '../../kernel/parts/card.tsx'
import { Cell } from '../../kernel/parts/cell.tsx'
import { DateStrip } from '../../kernel/parts/date-strip.tsx'
import { More } from '../../kernel/parts/more.tsx'
import { Empty, Refusal, State } from '../../kernel/parts/state.tsx'
import { Tag } from '../../kernel/parts/tag.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { usePages } from '../../kernel/use-pages.ts'
import { useWrite } from '../../kernel/use-write.ts'
import { DutySheet } from './duty-sheet.tsx'
import { hoursWords } from './staff-rules.ts'

const WEEK = 7

type DutyWeekProps = { manages: boolean; onChanged: () => void }

/** 值班: a week from today on, day by day; the manager puts people on duty and takes them off. */
export function DutyWeek({ manages, onChanged }: DutyWeekProps) {
  const today = dateOf(serverNow())
  const [from, setFrom] = useState(today)
  const [day, setDay] = useState<DateText | null>(null)
  const [planning, setPlanning] = useState(false)
  const span = { from: day ?? from, to: day ?? addDays(from, WEEK - 1) }
  const pages = usePages(catalogueEndpoints.listDuty, { ...span, limit: 100 }, { keepOld: true })
  const changed = () => {
    void pages.query.refresh()
    onChanged()
  }
  const move = (next: DateText) => {
    setFrom(next)
    setDay(null)
  }
  return (
    <Card
      title="值班"
      id="duty-week"
      extra={
        !manages ? undefined : (
          <Button id="duty-open" kind="quiet" icon="plus" onTap={() => setPlanning(true)}>
            排班
          </Button>
        )
      }
    >
      <DateStrip
        from={from}
        days={WEEK}
        selected={day}
        onSelect={(one) => setDay(one === day ? null : one)}
        onMove={move}
      />
      <State
        query={pages.query}
        isEmpty={(page) => page.rows.length === 0}
        empty={
          <Empty icon="calendar">
            {manages ? '这几天没有排班。排班后，开放时间无人值班会提醒。' : '这几天没有您的值班。'}
          </Empty>
        }
      >
        {(page) => <Days rows={page.rows} manages={manages} onChanged={changed} />}
      </State>
      <More pages={pages} />
      <DutySheet
        key={String(planning)}
        open={planning}
        day={day ?? from}
        onClose={() => setPlanning(false)}
        onDone={changed}
      />
    </Card>
  )
}

type DaysProps = { rows: readonly DutyShift[]; manages: boolean; onChanged: () => void }

function Days({ rows, manages, onChanged }: DaysProps) {
  const days = [...new Set(rows.map((row) => row.onDate))]
  return (
    <View className="stack">
      {days.map((day) => (
        <View key={day} className="stack stack-4">
          <View className="t14 bold">{dayLabel(day)}</View>
          {rows
            .filter((row) => row.onDate === day)
            .map((row) => (
              <Shift key={row.id} row={row} manages={manages} onChanged={onChanged} />
            ))}
        </View>
      ))}
    </View>
  )
}

type ShiftProps = { row: DutyShift; manages: boolean; onChanged: () => void }

function Shift({ row, manages, onChanged }: ShiftProps) {
  const cancel = useWrite(catalogueEndpoints.cancelDuty)
  const isPast = whyNotCancelDuty(row.onDate, dateOf(serverNow())) !== null
  const send = async () => {
    if ((await cancel.run({ id: row.id })) === null) return
    toast('已取消值班')
    onChanged()
  }
  return (
    <>
      <Cell
        title={
          <View className="row row-wrap">
            <View>{row.name}</View>
            {row.substituteFor === null ? null : (
              <Tag tone="info">{`替 ${row.substituteFor.name}`}</Tag>
            )}
          </View>
        }
        detail={`${hoursWords(row)} · ${row.instrument.number} ${row.instrument.name}`}
        value={
          !manages || isPast ? null : (
            <Button
              kind="quiet"
              busy={cancel.busy}
              label={`取消 ${row.name} ${hoursWords(row)} 的值班`}
              onTap={() => void send()}
            >
              取消
            </Button>
          )
        }
      />
      <Refusal refusal={cancel.refusal} safe="值班未取消" />
    </>
  )
}
