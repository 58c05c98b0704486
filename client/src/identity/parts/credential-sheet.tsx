import { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import {
  type CredentialKind,
  credentialKinds,
  credentialLabels,
} from '@yiqi/shared/identity/terms-organisations.ts'
import { useState } from 'react'
import { Button } from '../../kernel/parts/button.tsx'
import { RadioGroup } from '../../kernel/parts/checkbox.tsx'
import { Field } from '../../kernel/parts/field.tsx'
import { Sheet } from '../../kernel/parts/sheet.tsx'
import { Refusal } from '../../kernel/parts/state.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { issueOf } from '../../kernel/refused.ts'
import { useWrite } from '../../kernel/use-write.ts'
import { DayField } from './day-field.tsx'
import { LicenceField, type Scan } from './licence-field.tsx'
import { dayFrom } from './organisation-rules.ts'

const options = credentialKinds.map((value) => ({ value, label: credentialLabels[value] }))

type CredentialSheetProps = {
  open: boolean
  organisationId: string
  onClose: () => void
  onDone: () => void
}

/** 提交资质: its number and the days it is good for; it counts once an officer accepted it. */
export function CredentialSheet({ open, organisationId, onClose, onDone }: CredentialSheetProps) {
  const [kind, setKind] = useState<CredentialKind>('tech-sme')
  const [number, setNumber] = useState('')
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const [scan, setScan] = useState<Scan | null>(null)
  const submit = useWrite(identityEndpoints.submitCredential)
  const validFrom = dayFrom(from)
  const validTo = dayFrom(to)
  const reversed = validFrom !== null && validTo !== null && validTo < validFrom
  const ready = number.trim() !== '' && validFrom !== null && validTo !== null && !reversed
  const send = async () => {
    if (validFrom === null || validTo === null) return
    const fileId = scan === null ? {} : { fileId: scan.id }
    const asked = { id: organisationId, kind, number, validFrom, validTo, ...fileId }
    if ((await submit.run(asked)) === null) return
    toast('已提交，等待核实')
    onClose()
    onDone()
  }
  return (
    <Sheet
      open={open}
      title="提交资质"
      onClose={onClose}
      footer={
        <Button
          id="credential-submit"
          kind="primary"
          size="block"
          busy={submit.busy}
          disabled={!ready}
          onTap={() => void send()}
        >
          提交核实
        </Button>
      }
    >
      <RadioGroup label="资质类型" options={options} value={kind} onChange={setKind} />
      <Field
        id="credential-number"
        label="编号"
        value={number}
        maxLength={60}
        onInput={setNumber}
        placeholder={kind === 'tech-sme' ? '入库登记编号' : '证书编号'}
        error={issueOf(submit.refusal, 'number')}
      />
      <DayField id="credential-from" label="有效期自" value={from} onInput={setFrom} />
      <DayField
        id="credential-to"
        label="有效期至"
        value={to}
        onInput={setTo}
        error={reversed ? '截止日期早于起始日期' : null}
      />
      <LicenceField label="证明材料" scan={scan} onScan={setScan} />
      <Refusal refusal={submit.refusal} safe="未提交" />
    </Sheet>
  )
}
