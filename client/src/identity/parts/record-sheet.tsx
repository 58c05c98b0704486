import { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { StaffRecord } from '@yiqi/shared/identity/endpoints-staff.ts'
import { whyNotRegister } from '@yiqi/shared/identity/rules-staff.ts'
import {
  commonPosts,
  commonTitles,
  type Establishment,
  establishmentLabels,
  establishments,
} from '@yiqi/shared/identity/terms-staff.ts'
import { useState } from 'react'
import { Button } from '../../kernel/parts/button.tsx'
import { Chip, ChipRow } from '../../kernel/parts/chip.tsx'
import { Field } from '../../kernel/parts/field.tsx'
import { Segmented } from '../../kernel/parts/segmented.tsx'
import { Sheet } from '../../kernel/parts/sheet.tsx'
import { Refusal } from '../../kernel/parts/state.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { issueOf, type Refused } from '../../kernel/refused.ts'
import { useWrite } from '../../kernel/use-write.ts'
import { whyNot } from '../../kernel/why-not.ts'
import { DayField } from './day-field.tsx'
import { optionalDay } from './staff-rules.ts'

type RecordSheetProps = {
  /** Whom it is about; null keeps the sheet closed. */
  entry: StaffRecord | null
  onClose: () => void
  onDone: () => void
}

const kinds = establishments.map((value) => ({ value, label: establishmentLabels[value] }))

/** 登记人员: on what terms, in which post, with which title, since when and until when. */
export function RecordSheet({ entry, onClose, onDone }: RecordSheetProps) {
  const form = useRecordForm(entry)
  const put = useWrite(identityEndpoints.putStaffRecord)
  if (entry === null) return null
  const { facts } = form
  const send = async () => {
    if (facts === null || (await put.run({ userId: entry.userId, ...facts })) === null) return
    toast(`已登记 ${entry.name}`)
    onClose()
    onDone()
  }
  return (
    <Sheet
      open
      title={`登记 ${entry.name}`}
      onClose={onClose}
      footer={
        <Button
          id="staff-save"
          kind="primary"
          size="block"
          busy={put.busy}
          disabled={facts === null}
          onTap={() => void send()}
        >
          保存登记
        </Button>
      }
    >
      <RecordFields form={form} refusal={put.refusal} />
      <Refusal refusal={put.refusal} safe="登记未改变" />
    </Sheet>
  )
}

/** What is typed, and the facts of it: null while something is missing or wrong. */
function useRecordForm(entry: StaffRecord | null) {
  const [establishment, setEstablishment] = useState<Establishment>(
    entry?.establishment ?? 'establishment',
  )
  const [post, setPost] = useState(entry?.post ?? '')
  const [title, setTitle] = useState(entry?.title ?? '')
  const [joined, setJoined] = useState(entry?.joinedOn ?? '')
  const [left, setLeft] = useState(entry?.leftOn ?? '')
  const [joinedOn, leftOn] = [optionalDay(joined), optionalDay(left)]
  const known = joinedOn !== undefined && leftOn !== undefined
  const why = known ? whyNotRegister({ joinedOn, leftOn }) : null
  const words = { post: post.trim(), title: title.trim() || null, establishment }
  const ready = known && why === null && words.post !== ''
  return {
    ...{ establishment, post, title, joined, left, why },
    ...{ setEstablishment, setPost, setTitle, setJoined, setLeft },
    facts: ready ? { ...words, joinedOn, leftOn } : null,
  }
}

type RecordFieldsProps = { form: ReturnType<typeof useRecordForm>; refusal: Refused | null }

function RecordFields({ form, refusal }: RecordFieldsProps) {
  const { establishment, post, title, joined, left, why } = form
  return (
    <>
      <Segmented
        id="staff-establishment"
        label="编制"
        options={kinds}
        value={establishment}
        onChange={form.setEstablishment}
      />
      <Field
        id="staff-post"
        label="岗位"
        value={post}
        maxLength={40}
        onInput={form.setPost}
        error={issueOf(refusal, 'post')}
      />
      <Choices all={commonPosts} chosen={post} onChoose={form.setPost} />
      <Field
        id="staff-title"
        label="技术职称"
        optional
        value={title}
        maxLength={40}
        onInput={form.setTitle}
        error={issueOf(refusal, 'title')}
      />
      <Choices all={commonTitles} chosen={title} onChoose={form.setTitle} />
      <DayField
        id="staff-joined"
        label="入职日期"
        optional
        value={joined}
        onInput={form.setJoined}
      />
      <DayField
        id="staff-left"
        label="离岗日期"
        optional
        value={left}
        onInput={form.setLeft}
        error={whyNot(why)}
      />
    </>
  )
}

type ChoicesProps = {
  all: readonly string[]
  chosen: string
  onChoose: (one: string) => void
}

function Choices({ all, chosen, onChoose }: ChoicesProps) {
  return (
    <ChipRow wrap>
      {all.map((one) => (
        <Chip key={one} selected={one === chosen} onTap={() => onChoose(one)}>
          {one}
        </Chip>
      ))}
    </ChipRow>
  )
}
