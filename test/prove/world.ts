import type { BookingTerms } from '@yiqi/shared/booking/rules.ts'
import type { TariffRates } from '@yiqi/shared/charging/rules.ts'
import type { Review } from '@yiqi/shared/redemption/terms.ts'
import type { ProgrammeTerms } from '@yiqi/shared/voucher/rules.ts'
import type { AccountKind, ProgrammeMode } from '@yiqi/shared/voucher/terms.ts'
import { payableOf, quotaOf } from './ledger.ts'
import { type Account, newStore, type Store } from './store.ts'

// The world of the simulations: the cast of the other tests, as plain values.

/** Tuesday 24 November 2026, 09:00 in Taiyuan. */
export const START = new Date('2026-11-24T01:00:00.000Z')

const office = [[480, 1080]] as const
export const terms: BookingTerms = {
  week: {
    weekdays: [office, office, office, office, office, [], []],
    holiday: [],
    adjustedWorkday: office,
  },
  slotMinutes: 60,
  minMinutes: 60,
  maxMinutes: 480,
  leadMinutes: 60,
  horizonDays: 14,
  bufferMinutes: 0,
}

export const tariff: TariffRates = {
  materialFenPerSample: 6000,
  utilitiesFenPerHour: 12_000,
  labourFenPerHour: 28_000,
  minimumMinutes: 60,
}

type Programme = ProgrammeTerms & {
  provincePermille: number
  publicityDays: number
  reviews: readonly Review[]
}
const programme: Omit<Programme, 'publicityDays' | 'reviews'> = {
  ratioPermille: 500,
  bookingCapFen: null,
  validFrom: '2026-01-01',
  validTo: '2026-12-31',
  serviceModes: ['entrusted'],
  provincePermille: 500,
}
export const programmes: Record<ProgrammeMode, Programme> = {
  deduct: { ...programme, publicityDays: 0, reviews: ['province'] },
  refund: { ...programme, publicityDays: 5, reviews: ['binding', 'city', 'province'] },
}
export const modes = ['deduct', 'refund'] as const satisfies readonly ProgrammeMode[]

export type Person = {
  name: string
  organisation: string
  side: 'enterprise' | 'institution' | 'province'
}

export const institution = 'lab'
export const enterprises = ['jin', 'tong'] as const
export const instruments = ['sem 1', 'sem 2'] as const
export const people: readonly Person[] = [
  { name: 'xiaojin', organisation: 'jin', side: 'enterprise' },
  { name: 'admin', organisation: 'jin', side: 'enterprise' },
  { name: 'stranger', organisation: 'tong', side: 'enterprise' },
  { name: 'colleague', organisation: 'tong', side: 'enterprise' },
  { name: 'hao', organisation: institution, side: 'institution' },
  { name: 'manager', organisation: institution, side: 'institution' },
  { name: 'finance', organisation: institution, side: 'institution' },
  { name: 'province', organisation: 'province', side: 'province' },
  { name: 'city', organisation: 'city', side: 'province' },
]

export const CREDENTIALS = [{ validFrom: '2026-01-01', validTo: '2026-12-31' }]

/** A store with its accounts open: each enterprise has this quota under both programmes. */
export function openedStore(quotaFen: number, bug: Parameters<typeof newStore>[0] = null): Store {
  const store = newStore(bug)
  const quotas = enterprises.flatMap((one) => modes.map((mode) => quotaOf(one, mode)))
  const account = (kind: AccountKind, creditsPosted = 0, debitsPosted = 0): Account => ({
    kind,
    creditsPosted,
    debitsPosted,
    debitsPending: 0,
  })
  const issuedFen = quotaFen * quotas.length
  store.rows.account.set('treasury', account('treasury', 0, issuedFen))
  for (const quota of quotas) store.rows.account.set(quota, account('quota', quotaFen))
  for (const payee of [...enterprises, institution])
    store.rows.account.set(payableOf(payee), account('payable'))
  for (const funder of ['province', 'city'])
    store.rows.account.set(`paid:${funder}`, account('paid'))
  for (const quota of quotas)
    store.rows.transfer.set(`issue ${quota}`, {
      kind: 'issue',
      debit: 'treasury',
      credit: quota,
      amountFen: quotaFen,
      pending: false,
      resolves: null,
      booking: null,
    })
  return store
}
