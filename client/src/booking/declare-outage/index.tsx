import { View } from '@tarojs/components'
import { type BookingCard, bookingEndpoints } from '@yiqi/shared/booking/endpoints.ts'
import { type OutageKind, outageKinds } from '@yiqi/shared/booking/terms.ts'
import { catalogueEndpoints } from '@yiqi/shared/catalogue/endpoints.ts'
import {
  type DateText,
  dateOf,
  daysBetween,
  instantAt,
  minuteOfDay,
  type Slot,
  slotLabel,
} from '@yiqi/shared/kernel/time.ts'
import { useState } from 'react'
import { serverNow, useServerNow } from '../../kernel/clock.ts'
import { back } from '../../kernel/go.ts'
import { Banner } from '../../kernel/parts/banner.tsx'
import { ReasonButton } from '../../kernel/parts/button.tsx'
import { Card } from '../../kernel/parts/card.tsx'
import { Cell } from '../../kernel/parts/cell.tsx'
import { Chip, ChipRow } from '../../kernel/parts/chip.tsx'
import { DateStrip } from '../../kernel/parts/date-strip.tsx'
import { Field } from '../../kernel/parts/field.tsx'
import { Page } from '../../kernel/parts/page.tsx'
import { Refusal, State } from '../../kernel/parts/state.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { useParams } from '../../kernel/use-params.ts'
import { useQuery } from '../../kernel/use-query.ts'
import { useWrite } from '../../kernel/use-write.ts'
import { displacedBy, endTimesOf, outageLabel, outageLengths, timesOf } from '../outage.ts'
import './index.scss'

const LIMIT = 100
const NOW_EVERY_MS = 10_000

/** Takes an instrument out of service, and says before whom it hits. */
export default function DeclareOutage() {
  const { instrumentId = '' } = useParams<'instrumentId'>()
  const [kind, setKind] = useState<OutageKind>('fault')
  const [chosen, setChosen] = useState<Slot | null>(null)
  const now = useServerNow(NOW_EVERY_MS) // the server's clock is known only after its first answer
  const slot = chosen ?? fromNow(now)
  const [note, setNote] = useState('')
  const instrument = useQuery(
    catalogueEndpoints.getInstrument,
    instrumentId === '' ? null : { id: instrumentId },
  )
  const open = useQuery(bookingEndpoints.listBookings, { view: 'open', limit: LIMIT })
  const declare = useWrite(bookingEndpoints.declareOutage)
  const displaced = displacedBy(slot, instrumentId, open.data?.rows ?? [])
  const submit = async () => {
    const done = await declare.run({
      instrumentId,
      startsAt: slot.startsAt.toISOString(),
      endsAt: slot.endsAt.toISOString(),
      kind,
      note: note.trim(),
    })
    if (done === null) return
    toast(done.displaced === 0 ? '已停用' : `已停用，已通知 ${done.displaced} 单预约并附上改约时段`)
    await back()
  }
  return (
    <Page
      title="登记停用"
      footer={
        <ReasonButton
          id="outage-submit"
          kind="primary"
          size="block"
          busy={declare.busy}
          reason={whyNotDeclare(slot, note)}
          onTap={() => void submit()}
        >
          {displaced.length === 0 ? '停用' : `停用并通知 ${displaced.length} 人`}
        </ReasonButton>
      }
    >
      <State query={instrument}>
        {(found) => (
          <Card title={found.model === null ? found.name : `${found.name} ${found.model}`}>
            <View className="t14 ink2">{`${found.institution.name} · ${found.number}`}</View>
          </Card>
        )}
      </State>
      <Card title="原因">
        <View className="stack stack-8">
          <KindChips kind={kind} onChange={setKind} />
          <Field
            id="outage-note"
            label="说明"
            placeholder="如：更换灯丝"
            maxLength={200}
            value={note}
            onInput={setNote}
          />
        </View>
      </Card>
      <TimesCard slot={slot} onChange={setChosen} />
      <DisplacedCard bookings={displaced} />
      <Refusal refusal={declare.refusal} safe="仪器仍在开放" />
    </Page>
  )
}

/** Whom it hits, and what becomes of them. */
function DisplacedCard({ bookings }: { bookings: readonly BookingCard[] }) {
  return (
    <Card title="受影响的预约">
      {bookings.length === 0 ? (
        <View className="t14 ink2">这段时间没有预约。</View>
      ) : (
        <>
          {bookings.map((booking) => (
            <Cell
              key={booking.id}
              title={`${booking.enterprise.name} · ${booking.number}`}
              detail={slotLabel(slotOf(booking))}
            />
          ))}
          <Banner tone="warn">以上预约将改约：额度释放、不收费，并各附替代时段</Banner>
        </>
      )}
    </Card>
  )
}

function fromNow(now: Date): Slot {
  const startsAt = instantAt(dateOf(now), minuteOfDay(now))
  return { startsAt, endsAt: outageLengths[1].endOf(startsAt) }
}

function slotOf(booking: { startsAt: string; endsAt: string }): Slot {
  return { startsAt: new Date(booking.startsAt), endsAt: new Date(booking.endsAt) }
}

function whyNotDeclare(slot: Slot, note: string): string | null {
  if (slot.endsAt <= slot.startsAt) return 'booking.slot_malformed'
  return note.trim() === '' ? '先写一句说明，企业会看到' : null
}

const kinds = Object.keys(outageKinds).filter(isKind)

function isKind(key: string): key is OutageKind {
  return key in outageKinds
}

function KindChips({ kind, onChange }: { kind: OutageKind; onChange: (kind: OutageKind) => void }) {
  return (
    <ChipRow wrap>
      {kinds.map((one) => (
        <Chip key={one} id={`outage-${one}`} selected={one === kind} onTap={() => onChange(one)}>
          {outageKinds[one]}
        </Chip>
      ))}
    </ChipRow>
  )
}

type TimesProps = { slot: Slot; onChange: (slot: Slot) => void }

/** From and to: a length by one tap, or day and time by chips. No native picker. */
function TimesCard({ slot, onChange }: TimesProps) {
  const [exact, setExact] = useState(false)
  const lasting = outageLengths.find(
    (length) => length.endOf(slot.startsAt).getTime() === slot.endsAt.getTime(),
  )
  return (
    <Card title="时间">
      <View className="stack stack-8">
        <View className="t16 bold num">{outageLabel(slot)}</View>
        <ChipRow wrap>
          {outageLengths.map((length) => (
            <Chip
              key={length.id}
              id={`outage-length-${length.id}`}
              selected={length === lasting}
              onTap={() => onChange({ ...slot, endsAt: length.endOf(slot.startsAt) })}
            >
              {length.label}
            </Chip>
          ))}
          <Chip
            id="outage-exact"
            icon="calendar-clock"
            selected={exact}
            onTap={() => setExact(!exact)}
          >
            选日期和时刻
          </Chip>
        </ChipRow>
        {exact ? <ExactTimes slot={slot} onChange={onChange} /> : null}
      </View>
    </Card>
  )
}

function ExactTimes({ slot, onChange }: TimesProps) {
  const now = serverNow()
  const startDay = dateOf(slot.startsAt)
  const endDay = dateOf(new Date(slot.endsAt.getTime() - 1))
  const start = (startsAt: Date) => {
    onChange({
      startsAt,
      endsAt: slot.endsAt > startsAt ? slot.endsAt : outageLengths[0].endOf(startsAt),
    })
  }
  return (
    <>
      <DayAndTimes
        label="从"
        from={dateOf(now)}
        day={startDay}
        times={timesOf(startDay, now)}
        at={slot.startsAt}
        onChange={(day, minute) => start(instantAt(day, minute))}
      />
      <DayAndTimes
        label="到"
        from={startDay}
        day={endDay}
        times={endTimesOf(endDay, slot.startsAt)}
        at={slot.endsAt}
        onChange={(day, minute) => onChange({ ...slot, endsAt: instantAt(day, minute) })}
      />
    </>
  )
}

type DayAndTimesProps = {
  label: string
  from: DateText
  day: DateText
  times: { minute: number; label: string }[]
  at: Date
  onChange: (day: DateText, minute: number) => void
}

function DayAndTimes({ label, from, day, times, at, onChange }: DayAndTimesProps) {
  const [strip, setStrip] = useState(daysBetween(from, day) < 7 ? from : day)
  const minute = Math.round((at.getTime() - instantAt(day, 0).getTime()) / 60_000)
  return (
    <View className="outage-times">
      <View className="t14 bold">{label}</View>
      <DateStrip
        from={strip < from ? from : strip}
        selected={day}
        earliest={from}
        onMove={(next) => setStrip(next < from ? from : next)}
        onSelect={(next) => onChange(next, minute > 0 ? minute : 480)}
      />
      <ChipRow>
        {times.map((time) => (
          <Chip
            key={`${time.minute} ${time.label}`}
            selected={time.minute === minute}
            onTap={() => onChange(day, time.minute)}
          >
            {time.label}
          </Chip>
        ))}
      </ChipRow>
    </View>
  )
}
