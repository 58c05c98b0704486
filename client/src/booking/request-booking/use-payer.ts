import type { Beneficiary } from '@yiqi/shared/booking/endpoints.ts'
import type { Membership } from '@yiqi/shared/identity/endpoints-log-in.ts'
import { useState } from 'react'
import { useMe } from '../../kernel/log-in.ts'
import { payersOf } from '../request-form.ts'

export type Payer = {
  /** In whose name one could book, the one in use first of all by default. */
  payers: readonly Membership[]
  payer: Membership | null
  /** The membership to name with each call; null: the log-in's own. */
  actingFor: string | null
  choosePayer: (membership: Membership) => void
  /** The colleague it is for; null: for oneself. */
  beneficiary: Beneficiary | null
  chooseBeneficiary: (person: Beneficiary | null) => void
}

/** Which organisation pays, and which of its people it is for: another payer has other people. */
export function usePayer(): Payer {
  const me = useMe()
  const [chosenId, setChosenId] = useState<string | null>(null)
  const [beneficiary, setBeneficiary] = useState<Beneficiary | null>(null)
  const payers = me === null ? [] : payersOf(me)
  const payer = payers.find(({ id }) => id === chosenId) ?? payers[0] ?? null
  const own = payer === null || payer.id === me?.membership?.id
  return {
    payers,
    payer,
    actingFor: own ? null : payer.id,
    choosePayer: ({ id }) => {
      setChosenId(id)
      setBeneficiary(null)
    },
    beneficiary,
    chooseBeneficiary: setBeneficiary,
  }
}
