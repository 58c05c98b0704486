import type { RefusalCode } from '../kernel/refusals.ts'
import { addDays, type DateText } from '../kernel/time.ts'
import type { Validity } from './terms-staff.ts'

// What may be written into the register of staff and of experts.

/** How many days ahead the end of a licence or training is told. */
export const LICENCE_NOTICE_DAYS = 30

/** How a paper stands on a day; its last day is `expiresOn`, null: it does not end. */
export function validityOn(expiresOn: DateText | null, day: DateText): Exclude<Validity, 'none'> {
  if (expiresOn === null) return 'valid'
  if (expiresOn < day) return 'expired'
  return expiresOn <= addDays(day, LICENCE_NOTICE_DAYS) ? 'expiring' : 'valid'
}

/** Whether somebody is still at work on a day; `leftOn` is the first day without them. */
export function isAtWork(leftOn: DateText | null, day: DateText): boolean {
  return leftOn === null || day < leftOn
}

/** Why an entry of the register cannot read so, or null. */
export function whyNotRegister(entry: {
  joinedOn: DateText | null
  leftOn: DateText | null
}): RefusalCode | null {
  const { joinedOn, leftOn } = entry
  return joinedOn !== null && leftOn !== null && leftOn < joinedOn
    ? 'identity.dates_reversed'
    : null
}

/** Why a training cannot be recorded, or null: it was held, and ends after it. */
export function whyNotRecordTraining(
  training: { heldOn: DateText; expiresOn: DateText | null },
  today: DateText,
): RefusalCode | null {
  const { heldOn, expiresOn } = training
  if (heldOn > today) return 'identity.training_in_future'
  return expiresOn !== null && expiresOn < heldOn ? 'identity.dates_reversed' : null
}

/** Why an expert cannot be entered so, or null; `subjects`: the codes of GB/T 13745. */
export function whyNotEnterExpert(
  expert: { fieldCodes: readonly string[]; termFrom: DateText; termTo: DateText },
  subjects: ReadonlySet<string>,
): RefusalCode | null {
  if (expert.termTo < expert.termFrom) return 'identity.dates_reversed'
  return expert.fieldCodes.every((code) => subjects.has(code)) ? null : 'identity.no_such_field'
}
