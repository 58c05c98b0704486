import { bookingEndpoints, type Quote, type VoucherOffer } from '@yiqi/shared/booking/endpoints.ts'
import { catalogueEndpoints, type Instrument } from '@yiqi/shared/catalogue/endpoints.ts'
import { type Notice, noticeEndpoints } from '@yiqi/shared/notice/endpoints.ts'
import { useEffect, useRef, useState } from 'react'
import { go, redirect } from '../../kernel/go.ts'
import { toast } from '../../kernel/parts/toast.tsx'
import type { Refused } from '../../kernel/refused.ts'
import { type Query, useQuery } from '../../kernel/use-query.ts'
import {
  offerOf,
  quoteChanges,
  type Seen,
  type Span,
  sampleNamesFrom,
  whyNotSubmit,
} from '../request-form.ts'
import { useQueryAs, useWriteAs } from './acting.ts'
import { type FormState, useForm } from './use-form.ts'
import { type Hold, useHold } from './use-hold.ts'
import { type Payer, usePayer } from './use-payer.ts'

export type Sheet = FormState & {
  people: Payer
  hold: Hold
  instrument: Query<Instrument>
  quote: Query<Quote>
  /** The programme in use; null is no voucher. */
  offer: VoucherOffer | null
  notice: Query<Notice>
  acknowledged: boolean
  acknowledge: (on: boolean) => void
  /** Why it cannot be sent yet. */
  reason: string | null
  busy: boolean
  refusal: Refused | null
  /** What changed since the person last saw the price; null when nothing was asked anew. */
  changes: string[] | null
  submit: () => void
}

/** All of the sheet: hold, form, price, notice, and the one request they lead to. */
export function useSheet(asked: Span & { instrumentId: string }, userId: string): Sheet {
  const { instrumentId } = asked
  const span = { startsAt: asked.startsAt, endsAt: asked.endsAt }
  const state = useForm(`${userId} ${instrumentId}`)
  const { form } = state
  const hold = useHold({ instrumentId, userId, asked: span }, span)
  const instrument = useQuery(catalogueEndpoints.getInstrument, { id: instrumentId })
  const { serviceMode, samples } = form
  const people = usePayer()
  const quote = useQueryAs(
    bookingEndpoints.quoteSlot,
    { instrumentId, ...hold.slot, samples, serviceMode },
    people.actingFor,
  )
  const notice = useQuery(noticeEndpoints.getNotice, { serviceMode })
  const [acknowledgedId, setAcknowledgedId] = useState<string | null>(null)
  const acknowledged = notice.data !== null && notice.data.id === acknowledgedId
  const offer = offerOf(quote.data?.vouchers ?? [], form.programme)
  const sending = useSending({ people, hold, state, quote, offer, notice })
  return {
    ...state,
    people,
    hold,
    instrument,
    quote,
    offer,
    notice,
    acknowledged,
    acknowledge: (on) => setAcknowledgedId(on ? (notice.data?.id ?? null) : null),
    reason:
      quote.data?.reason ??
      whyNotSubmit({ hold: hold.state, form, quoted: quote.data !== null, acknowledged }),
    ...sending,
  }
}

type Parts = {
  people: Payer
  hold: Hold
  state: FormState
  quote: Query<Quote>
  offer: VoucherOffer | null
  notice: Query<Notice>
}

/**
 * Sends the request; where the world has changed, asks again what is now true and keeps what was
 * typed.
 */
function useSending({ people, hold, state, quote, offer, notice }: Parts) {
  const write = useWriteAs(bookingEndpoints.requestBooking, people.actingFor)
  const [before, setBefore] = useState<Seen | null>(null)
  const now = quote.data
  const shown: Seen | null =
    now === null ? null : { totalFen: now.price.totalFen, voucherFen: offer?.shareFen ?? 0 }

  const submit = async () => {
    if (hold.booking === null || notice.data === null || shown === null) return
    setBefore(null)
    const { form } = state
    const names = sampleNamesFrom(form.sampleNames)
    const booking = await write.run({
      id: hold.booking.id,
      serviceMode: form.serviceMode,
      samples: form.samples,
      sampleNames: names,
      purpose: form.purpose.trim(),
      preparation: form.preparation.trim(),
      serviceDirection: form.serviceDirection,
      confidentiality: form.confidentiality,
      noticeId: notice.data.id,
      programmeId: shown.voucherFen > 0 ? (offer?.programmeId ?? null) : null,
      beneficiaryId: people.beneficiary?.id ?? null,
      expected: shown,
    })
    if (booking === null) return setBefore(shown)
    hold.done()
    state.forget()
    if (people.actingFor === null) return void redirect.booking.booking({ id: booking.id })
    // In this log-in's own role the other organisation's booking is not to be seen.
    toast(`已以${people.payer?.organisation.name ?? '该单位'}名义提交，切换身份后可查看`)
    void go.tabs.home({ tab: 'schedule' })
  }
  const changes =
    before === null || shown === null || !repriced(write.refusal)
      ? null
      : quoteChanges(before, { ...shown, reason: offer?.reason ?? null })
  useFollowUp(write.refusal, { hold, quote, notice })
  return { busy: write.busy, refusal: write.refusal, changes, submit: () => void submit() }
}

const MONEY_CODES = ['booking.quote_changed', 'voucher.quota_too_low', 'voucher.budget_too_low']

/** The refusals after which the price is asked anew. */
export function repriced(refusal: Refused | null): boolean {
  if (refusal === null) return false
  return MONEY_CODES.includes(refusal.code) || refusal.code.startsWith('voucher.')
}

/** What a refusal makes untrue on screen is asked again. */
function useFollowUp(
  refusal: Refused | null,
  parts: Pick<Parts, 'hold' | 'quote' | 'notice'>,
): void {
  const latest = useRef(parts)
  latest.current = parts
  // The server's state is outside React: it is asked once for each refusal.
  useEffect(() => {
    if (refusal === null) return
    const { hold, quote, notice } = latest.current
    if (repriced(refusal)) void quote.refresh()
    if (refusal.code === 'notice.version_outdated') void notice.refresh()
    if (refusal.code === 'booking.hold_lapsed' || refusal.code === 'booking.wrong_state')
      hold.lapse()
  }, [refusal])
}
