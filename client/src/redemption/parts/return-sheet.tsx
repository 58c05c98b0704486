import { type ClaimCard, redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { type ReturnReason, returnReasons } from '@yiqi/shared/redemption/terms.ts'
import { useState } from 'react'
import { Button } from '../../kernel/parts/button.tsx'
import { RadioGroup } from '../../kernel/parts/checkbox.tsx'
import { Field } from '../../kernel/parts/field.tsx'
import { Sheet } from '../../kernel/parts/sheet.tsx'
import { Refusal } from '../../kernel/parts/state.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { useWrite } from '../../kernel/use-write.ts'

const reasons: ReturnReason[] = [
  'evidence_missing',
  'amount_mismatch',
  'session_doubtful',
  'eligibility',
  'other',
]
const options = reasons.map((value) => ({ value, label: returnReasons[value] }))

type ReturnSheetProps = {
  /** The claim to return; null keeps the sheet closed. */
  claim: Pick<ClaimCard, 'id' | 'number'> | null
  onClose: () => void
  onDone: () => void
}

/** 退回补正: one reason of the fixed list, and a note the claimant reads. */
export function ReturnSheet({ claim, onClose, onDone }: ReturnSheetProps) {
  const [reason, setReason] = useState<ReturnReason | null>(null)
  const [note, setNote] = useState('')
  const review = useWrite(redemptionEndpoints.reviewClaim)
  const send = async () => {
    if (claim === null || reason === null) return
    const done = await review.run({ id: claim.id, decision: 'return', reason, note })
    if (done === null) return
    setReason(null)
    setNote('')
    toast('已退回，申报人会收到原因')
    onClose()
    onDone()
  }
  return (
    <Sheet
      open={claim !== null}
      title={`退回 ${claim?.number ?? ''}`}
      onClose={onClose}
      footer={
        <Button
          id="claim-return-submit"
          kind="primary"
          size="block"
          busy={review.busy}
          disabled={reason === null}
          onTap={() => void send()}
        >
          退回补正
        </Button>
      }
    >
      <RadioGroup label="退回原因" options={options} value={reason} onChange={setReason} />
      <Field
        id="claim-return-note"
        label="说明"
        optional
        multiline
        maxLength={300}
        placeholder="告诉申报人要补什么"
        value={note}
        onInput={setNote}
      />
      <Refusal refusal={review.refusal} safe="申报未改变" />
    </Sheet>
  )
}
