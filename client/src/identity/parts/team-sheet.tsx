import { View } from '@tarojs/components'
import { catalogueEndpoints } from '@yiqi/shared/catalogue/endpoints.ts'
import type { Team } from '@yiqi/shared/catalogue/endpoints-team.ts'
import { whyNotLicence } from '@yiqi/shared/catalogue/rules.ts'
import { type Position, positionLabels, positions } from '@yiqi/shared/catalogue/terms.ts'
import type { Licence, StaffRecord } from '@yiqi/shared/identity/endpoints-staff.ts'
import { useState } from 'react'
import { Banner } from '../../kernel/parts/banner.tsx'
import { Button } from '../../kernel/parts/button.tsx'
import { Field } from '../../kernel/parts/field.tsx'
import { Segmented } from '../../kernel/parts/segmented.tsx'
import { Sheet } from '../../kernel/parts/sheet.tsx'
import { Refusal, State } from '../../kernel/parts/state.tsx'
import { Stepper } from '../../kernel/parts/stepper.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { issueOf, type Refused } from '../../kernel/refused.ts'
import { useQuery } from '../../kernel/use-query.ts'
import { useWrite } from '../../kernel/use-write.ts'
import { whyNot } from '../../kernel/why-not.ts'
import { DayField } from './day-field.tsx'
import { type ChosenInstrument, InstrumentChoice } from './instrument-choice.tsx'
import { optionalDay } from './staff-rules.ts'

type TeamSheetProps = {
  person: StaffRecord
  /** The team the person is in; null: joins another. */
  licence: Licence | null
  onClose: () => void
  onDone: () => void
}

const options = positions.map((value) => ({ value, label: positionLabels[value] }))

/** 机组与资质: position and licence on one instrument, how many it needs, and leaving the team. */
export function TeamSheet({ person, licence, onClose, onDone }: TeamSheetProps) {
  const [instrument, setInstrument] = useState<ChosenInstrument | null>(licence?.instrument ?? null)
  const form = useLicenceForm(licence)
  const put = useWrite(catalogueEndpoints.putTeamMember)
  const { facts } = form
  const send = async () => {
    if (instrument === null || facts === null) return
    const who = { id: instrument.id, userId: person.userId }
    if ((await put.run({ ...who, ...facts })) === null) return
    toast(`已保存 ${person.name} 在 ${instrument.number} 的资质`)
    onClose()
    onDone()
  }
  return (
    <Sheet
      open
      title={`${person.name} · 机组与资质`}
      onClose={onClose}
      footer={
        <Button
          id="team-save"
          kind="primary"
          size="block"
          busy={put.busy}
          disabled={instrument === null || facts === null}
          onTap={() => void send()}
        >
          {licence === null ? '加入机组' : '保存'}
        </Button>
      }
    >
      {licence === null ? (
        <InstrumentChoice chosen={instrument} onChoose={setInstrument} />
      ) : (
        <View className="t16 bold">{`${licence.instrument.number} ${licence.instrument.name}`}</View>
      )}
      <LicenceFields form={form} refusal={put.refusal} />
      <Refusal refusal={put.refusal} safe="机组未改变" />
      {instrument === null ? null : (
        <Minimum key={instrument.id} instrumentId={instrument.id} onDone={onDone} />
      )}
      {licence === null ? null : (
        <Leave person={person} licence={licence} onClose={onClose} onDone={onDone} />
      )}
    </Sheet>
  )
}

/** What is typed, and the facts of it: null while something is missing or wrong. */
function useLicenceForm(licence: Licence | null) {
  const [position, setPosition] = useState<Position>(licence?.position ?? 'member')
  const [number, setNumber] = useState(licence?.licenceNumber ?? '')
  const [from, setFrom] = useState(licence?.licensedOn ?? '')
  const [to, setTo] = useState(licence?.licenceExpiresOn ?? '')
  const licenceNumber = number.trim() === '' ? null : number.trim()
  const [licensedOn, licenceExpiresOn] = [optionalDay(from), optionalDay(to)]
  const known = licensedOn !== undefined && licenceExpiresOn !== undefined
  const why = known ? whyNotLicence({ licenceNumber, licensedOn, licenceExpiresOn }) : null
  const ready = known && why === null
  return {
    ...{ position, number, from, to, why, setPosition, setNumber, setFrom, setTo },
    facts: ready ? { position, licenceNumber, licensedOn, licenceExpiresOn } : null,
  }
}

type LicenceFieldsProps = { form: ReturnType<typeof useLicenceForm>; refusal: Refused | null }

function LicenceFields({ form, refusal }: LicenceFieldsProps) {
  const { position, number, from, to, why } = form
  const unnumbered = why === 'catalogue.licence_without_number'
  return (
    <>
      <Segmented label="岗位" options={options} value={position} onChange={form.setPosition} />
      <Field
        id="team-licence"
        label="上机资质证号"
        optional
        value={number}
        maxLength={60}
        onInput={form.setNumber}
        error={unnumbered ? whyNot(why) : issueOf(refusal, 'licenceNumber')}
      />
      <DayField id="team-licensed" label="发证日期" optional value={from} onInput={form.setFrom} />
      <DayField
        id="team-expires"
        label="有效期至"
        optional
        value={to}
        onInput={form.setTo}
        error={unnumbered ? null : whyNot(why)}
      />
    </>
  )
}

/** 最少人数 of the instrument, changed at once. */
function Minimum({ instrumentId, onDone }: { instrumentId: string; onDone: () => void }) {
  const team = useQuery(catalogueEndpoints.getTeam, { id: instrumentId })
  const minimum = useWrite(catalogueEndpoints.setStaffMinimum)
  const set = async (staffMin: number) => {
    if ((await minimum.run({ id: instrumentId, staffMin })) === null) return
    await team.refresh()
    onDone()
  }
  return (
    <State query={team}>
      {({ count, inner }: Team) =>
        inner === null ? null : (
          <View className="stack stack-8">
            <View className="row">
              <View className="grow">
                <View className="t14">最少可上岗人数</View>
                <View className="t13 ink3">{`机组 ${count} 人，今天可上岗 ${inner.able} 人`}</View>
              </View>
              <Stepper
                id="staff-minimum"
                label="最少人数"
                max={50}
                unit=" 人"
                value={inner.staffMin}
                onChange={(value) => void set(value)}
              />
            </View>
            {inner.able >= inner.staffMin ? null : (
              <Banner tone="bad">可上岗人数不足，已列入机组告警。</Banner>
            )}
            <Refusal refusal={minimum.refusal} safe="最少人数未改变" />
          </View>
        )
      }
    </State>
  )
}

type LeaveProps = Omit<TeamSheetProps, 'licence'> & { licence: Licence }

function Leave({ person, licence, onClose, onDone }: LeaveProps) {
  const [sure, setSure] = useState(false)
  const leave = useWrite(catalogueEndpoints.removeTeamMember)
  const send = async () => {
    const { id } = licence.instrument
    const left = await leave.run({ id, userId: person.userId })
    if (left === null) return
    toast(
      left.unattended > 0
        ? `已移出。该仪器还有 ${left.unattended} 个预约无人负责，请尽快安排`
        : '已移出机组',
    )
    onClose()
    onDone()
  }
  return (
    <View className="stack stack-8">
      {sure ? (
        <Banner tone="warn">移出后不能再答复这台仪器的预约，今天起的值班一并取消。</Banner>
      ) : null}
      <Button
        id="team-leave"
        kind={sure ? 'danger' : 'quiet'}
        size="block"
        busy={leave.busy}
        onTap={() => (sure ? void send() : setSure(true))}
      >
        {sure ? '确认移出机组' : '移出机组'}
      </Button>
      <Refusal refusal={leave.refusal} safe="机组未改变" />
    </View>
  )
}
