import { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { StaffRecord } from '@yiqi/shared/identity/endpoints-staff.ts'
import { whyNotRecordTraining } from '@yiqi/shared/identity/rules-staff.ts'
import {
  type TrainingKind,
  type TrainingResult,
  trainingKindLabels,
  trainingKinds,
  trainingResultLabels,
  trainingResults,
} from '@yiqi/shared/identity/terms-staff.ts'
import { dateOf } from '@yiqi/shared/kernel/time.ts'
import { useState } from 'react'
import { serverNow } from '../../kernel/clock.ts'
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
import { dayFrom } from './organisation-rules.ts'
import { optionalDay } from './staff-rules.ts'

type TrainingSheetProps = {
  /** Who was trained; null keeps the sheet closed. */
  person: StaffRecord | null
  onClose: () => void
  onDone: () => void
}

const results = trainingResults.map((value) => ({ value, label: trainingResultLabels[value] }))
const HOURS_MAX = 2000

/** 登记培训: what it was, how long, how it ended, and until when it is good. */
export function TrainingSheet({ person, onClose, onDone }: TrainingSheetProps) {
  const form = useTrainingForm()
  const training = useWrite(identityEndpoints.recordTraining)
  if (person === null) return null
  const { facts } = form
  const send = async () => {
    if (facts === null) return
    if ((await training.run({ userId: person.userId, ...facts })) === null) return
    toast('已登记培训')
    onClose()
    onDone()
  }
  return (
    <Sheet
      open
      title={`${person.name} · 登记培训`}
      onClose={onClose}
      footer={
        <Button
          id="training-save"
          kind="primary"
          size="block"
          busy={training.busy}
          disabled={facts === null}
          onTap={() => void send()}
        >
          登记培训
        </Button>
      }
    >
      <TrainingFields form={form} refusal={training.refusal} />
      <Refusal refusal={training.refusal} safe="未登记" />
    </Sheet>
  )
}

/** What is typed, and the facts of it: null while something is missing or wrong. */
function useTrainingForm() {
  const [kind, setKind] = useState<TrainingKind>('operation')
  const [result, setResult] = useState<TrainingResult>('passed')
  const [name, setName] = useState('')
  const [typed, setTyped] = useState('')
  const [held, setHeld] = useState('')
  const [ends, setEnds] = useState('')
  const [heldOn, expiresOn] = [dayFrom(held), optionalDay(ends)]
  const hours = /^\d{1,4}$/.test(typed) && Number(typed) <= HOURS_MAX ? Number(typed) : null
  const known = heldOn !== null && expiresOn !== undefined
  const why = known ? whyNotRecordTraining({ heldOn, expiresOn }, dateOf(serverNow())) : null
  const ready = known && why === null && hours !== null && name.trim() !== ''
  return {
    ...{ kind, result, name, typed, held, ends, why },
    ...{ setKind, setResult, setName, setTyped, setHeld, setEnds },
    hoursWrong: typed !== '' && hours === null,
    facts: ready ? { kind, name: name.trim(), hours, heldOn, result, expiresOn } : null,
  }
}

type TrainingFieldsProps = { form: ReturnType<typeof useTrainingForm>; refusal: Refused | null }

function TrainingFields({ form, refusal }: TrainingFieldsProps) {
  const { kind, result, name, typed, held, ends, why } = form
  return (
    <>
      <ChipRow wrap>
        {trainingKinds.map((one) => (
          <Chip key={one} selected={one === kind} onTap={() => form.setKind(one)}>
            {trainingKindLabels[one]}
          </Chip>
        ))}
      </ChipRow>
      <Field
        id="training-name"
        label="名称"
        value={name}
        maxLength={100}
        onInput={form.setName}
        placeholder="例如：实验室安全年度培训"
        error={issueOf(refusal, 'name')}
      />
      <Field
        id="training-hours"
        label="学时"
        type="number"
        value={typed}
        maxLength={4}
        onInput={form.setTyped}
        error={form.hoursWrong ? `须为 0 至 ${HOURS_MAX} 的整数` : null}
      />
      <Segmented label="结果" options={results} value={result} onChange={form.setResult} />
      <DayField
        id="training-held"
        label="培训日期"
        value={held}
        onInput={form.setHeld}
        error={why === 'identity.training_in_future' ? whyNot(why) : null}
      />
      <DayField
        id="training-ends"
        label="有效期至"
        optional
        value={ends}
        onInput={form.setEnds}
        error={why === 'identity.dates_reversed' ? whyNot(why) : null}
      />
    </>
  )
}
