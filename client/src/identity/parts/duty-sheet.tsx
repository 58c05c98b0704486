import { View } from '@tarojs/components'
import { catalogueEndpoints } from '@yiqi/shared/catalogue/endpoints.ts'
import type { TeamMember } from '@yiqi/shared/catalogue/endpoints-team.ts'
import { validityLabels } from '@yiqi/shared/identity/terms-staff.ts'
import type { DateText } from '@yiqi/shared/kernel/time.ts'
import { useState } from 'react'
import { Button } from '../../kernel/parts/button.tsx'
import { RadioGroup } from '../../kernel/parts/checkbox.tsx'
import { Chip, ChipRow } from '../../kernel/parts/chip.tsx'
import { Field } from '../../kernel/parts/field.tsx'
import { Sheet } from '../../kernel/parts/sheet.tsx'
import { Refusal, State } from '../../kernel/parts/state.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { useQuery } from '../../kernel/use-query.ts'
import { useWrite } from '../../kernel/use-write.ts'
import { DayField } from './day-field.tsx'
import { type ChosenInstrument, InstrumentChoice } from './instrument-choice.tsx'
import { dayFrom } from './organisation-rules.ts'
import { minuteFrom } from './staff-rules.ts'

type DutySheetProps = {
  open: boolean
  /** The day that stands there first. */
  day: DateText
  onClose: () => void
  onDone: () => void
}

const halves = [
  { label: '上午', from: '08:00', to: '12:00' },
  { label: '下午', from: '14:00', to: '18:00' },
  { label: '晚上', from: '18:00', to: '22:00' },
] as const

/** 排班: an instrument, one of its team, the hours of a day, perhaps for somebody else. */
export function DutySheet({ open, day, onClose, onDone }: DutySheetProps) {
  const [instrument, setInstrument] = useState<ChosenInstrument | null>(null)
  const [userId, setUserId] = useState<string | null>(null)
  const [substituteFor, setSubstituteFor] = useState<string | null>(null)
  const form = useTimeForm(day)
  const duty = useWrite(catalogueEndpoints.planDuty)
  if (!open) return null
  const { times } = form
  const choose = (one: ChosenInstrument | null) => {
    setInstrument(one)
    setUserId(null)
    setSubstituteFor(null)
  }
  const send = async () => {
    if (instrument === null || userId === null || times === null) return
    const who = { instrumentId: instrument.id, userId, substituteFor }
    if ((await duty.run({ ...who, ...times })) === null) return
    toast('已排班')
    onClose()
    onDone()
  }
  return (
    <Sheet
      open
      title="排班"
      onClose={onClose}
      footer={
        <Button
          id="duty-save"
          kind="primary"
          size="block"
          busy={duty.busy}
          disabled={instrument === null || userId === null || times === null}
          onTap={() => void send()}
        >
          排班
        </Button>
      }
    >
      <InstrumentChoice chosen={instrument} onChoose={choose} />
      {instrument === null ? null : (
        <People
          key={instrument.id}
          instrumentId={instrument.id}
          userId={userId}
          substituteFor={substituteFor}
          onPerson={setUserId}
          onSubstitute={setSubstituteFor}
        />
      )}
      <TimeFields form={form} />
      <Refusal refusal={duty.refusal} safe="未排班" />
    </Sheet>
  )
}

/** What is typed, and the times of it: null while something is missing or wrong. */
function useTimeForm(day: DateText) {
  const [on, setOn] = useState<string>(day)
  const [from, setFrom] = useState<string>(halves[0].from)
  const [to, setTo] = useState<string>(halves[0].to)
  const onDate = dayFrom(on)
  const [startsMinute, endsMinute] = [minuteFrom(from), minuteFrom(to)]
  const isTimed = startsMinute !== null && endsMinute !== null && startsMinute < endsMinute
  return {
    ...{ on, from, to, isTimed, setOn, setFrom, setTo },
    times: isTimed && onDate !== null ? { onDate, startsMinute, endsMinute } : null,
  }
}

function TimeFields({ form }: { form: ReturnType<typeof useTimeForm> }) {
  const { on, from, to, isTimed, setOn, setFrom, setTo } = form
  return (
    <>
      <DayField id="duty-day" label="日期" value={on} onInput={setOn} />
      <ChipRow wrap>
        {halves.map((half) => (
          <Chip
            key={half.label}
            selected={half.from === from && half.to === to}
            onTap={() => {
              setFrom(half.from)
              setTo(half.to)
            }}
          >
            {`${half.label} ${half.from}–${half.to}`}
          </Chip>
        ))}
      </ChipRow>
      <View className="row row-top">
        <Field id="duty-from" label="从" value={from} maxLength={5} onInput={setFrom} />
        <Field
          id="duty-to"
          label="到"
          value={to}
          maxLength={5}
          onInput={setTo}
          error={isTimed ? null : '按 时:分 填写，且晚于开始'}
        />
      </View>
    </>
  )
}

type PeopleProps = {
  instrumentId: string
  userId: string | null
  substituteFor: string | null
  onPerson: (userId: string) => void
  onSubstitute: (userId: string | null) => void
}

function People({ instrumentId, userId, substituteFor, onPerson, onSubstitute }: PeopleProps) {
  const team = useQuery(catalogueEndpoints.getTeam, { id: instrumentId })
  return (
    <State
      query={team}
      isEmpty={({ inner }) => (inner?.members.length ?? 0) === 0}
      empty={<View className="t14 ink3">这台仪器还没有机组，请先把人员加入机组。</View>}
    >
      {({ inner }) => {
        const members = inner?.members ?? []
        const others = members.filter((one) => one.userId !== userId)
        const choose = (chosen: string) => {
          onPerson(chosen)
          if (chosen === substituteFor) onSubstitute(null)
        }
        return (
          <View className="stack stack-8">
            <RadioGroup
              label="值班人员"
              options={members.map(toOption)}
              value={userId}
              onChange={choose}
            />
            {userId === null || others.length === 0 ? null : (
              <ChipRow wrap>
                {others.map((one) => (
                  <Chip
                    key={one.userId}
                    selected={one.userId === substituteFor}
                    onTap={() => onSubstitute(one.userId === substituteFor ? null : one.userId)}
                  >
                    {`替 ${one.name}`}
                  </Chip>
                ))}
              </ChipRow>
            )}
          </View>
        )
      }}
    </State>
  )
}

function toOption(one: TeamMember) {
  const validity = one.validity === 'none' ? '资质未登记' : `资质${validityLabels[one.validity]}`
  return { value: one.userId, label: one.name, detail: `${one.positionLabel} · ${validity}` }
}
