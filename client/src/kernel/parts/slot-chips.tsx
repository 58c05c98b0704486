import { View } from '@tarojs/components'
import { type CellState, cellStateLabels } from '@yiqi/shared/booking/terms.ts'
import { clock, slotClock } from '@yiqi/shared/kernel/time.ts'
import { useState } from 'react'
import { a11y } from '../a11y.ts'
import { vibrate } from '../platform/haptics.ts'
import { whyNot } from '../why-not.ts'
import { Icon } from './icon.tsx'
import { Tap } from './tap.tsx'

export type SlotCell = {
  startsAt: string
  endsAt: string
  state: CellState
  /** A refusal code: why it cannot be had. */
  reason?: string | null
  /** What the reason code cannot know: 灯丝更换. */
  note?: string | null
}

export type SlotChipsProps = {
  cells: readonly SlotCell[]
  /** A chosen range: every cell inside it is marked. */
  selected: { startsAt: string; endsAt: string } | null
  /** A free cell was tapped. It selects; it never books. */
  onSelect: (cell: SlotCell) => void
}

/** The day's slots, the control for choosing one. A tap on one that cannot be had says why. */
export function SlotChips({ cells, selected, onSelect }: SlotChipsProps) {
  const [asked, setAsked] = useState<SlotCell | null>(null)
  const tapped = (cell: SlotCell) => {
    if (cell.state !== 'free') return setAsked(cell)
    setAsked(null)
    vibrate('light')
    onSelect(cell)
  }
  return (
    <View className="p-slots">
      <View className="p-slots-row">
        {cells.map((cell) => {
          const on =
            selected !== null && selected.startsAt < cell.endsAt && cell.startsAt < selected.endsAt
          return (
            <Tap
              key={cell.startsAt}
              id={`slot-${clock(new Date(cell.startsAt)).replace(':', '')}`}
              className={`p-slot num ${lookOf(cell, on)}`}
              label={`${clockOfCell(cell)}，${on ? '已选' : cellStateLabels[cell.state]}`}
              state={{ selected: on }}
              onTap={() => tapped(cell)}
            >
              <View>{clockOfCell(cell)}</View>
              {on || cell.state === 'free' ? null : (
                <View className="t11">{cellStateLabels[cell.state]}</View>
              )}
            </Tap>
          )
        })}
      </View>
      {asked === null ? null : (
        <View className="p-reason-words t13">
          <Icon name="info" size={14} />
          <View>{`${clockOfCell(asked)} ${whyOf(asked)}`}</View>
        </View>
      )}
    </View>
  )
}

function lookOf(cell: SlotCell, chosen: boolean): string {
  if (chosen) return 'p-slot-chosen'
  return cell.state === 'free' ? 'p-slot-free' : `p-slot-${cell.state} p-slot-not`
}

function clockOfCell(cell: SlotCell): string {
  return slotClock({ startsAt: new Date(cell.startsAt), endsAt: new Date(cell.endsAt) })
}

function whyOf(cell: SlotCell): string {
  const reason = whyNot(cell.reason ?? null) ?? cellStateLabels[cell.state]
  return cell.note ? `${reason}：${cell.note}` : reason
}

export type WeekStripProps = {
  /** Free hours of each of seven days. */
  freeHours: readonly number[]
  /** 一…日 under the bars, from the first day. */
  labels: readonly string[]
}

/** Seven small bars: how free the next days are. On cards. */
export function WeekStrip({ freeHours, labels }: WeekStripProps) {
  const most = Math.max(1, ...freeHours)
  const label = labels.map((day, index) => `${day} 空 ${freeHours[index] ?? 0} 小时`).join('，')
  return (
    <View className="p-strip" {...a11y({ role: 'img', label })}>
      {freeHours.map((hours, index) => (
        <View className="p-strip-day" key={labels[index] ?? index}>
          <View className="p-strip-track">
            <View
              className="p-strip-bar"
              style={{ height: `${Math.round((hours / most) * 100)}%` }}
            />
          </View>
          <View className="p-strip-label">{labels[index] ?? ''}</View>
        </View>
      ))}
    </View>
  )
}
