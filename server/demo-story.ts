import { randomBytes } from 'node:crypto'
import { must } from '@yiqi/shared/kernel/assert.ts'
import { addMinutes, DAY_MS, dateOf, type Slot } from '@yiqi/shared/kernel/time.ts'
import type { bookableModes, Confidentiality } from '@yiqi/shared/notice/terms.ts'
import { confirmBooking } from './booking/confirm-booking.ts'
import { holdSlot } from './booking/hold-slot.ts'
import { quoteSlot } from './booking/quote.ts'
import { requestBooking } from './booking/request-booking.ts'
import { confirmReceipt } from './charging/confirm-receipt.ts'
import { noteTransfer } from './charging/note-transfer.ts'
import { listBills } from './charging/queries.ts'
import type { Play } from './demo-stage.ts'
import { sendMessage } from './message/send-message.ts'
import { getNotice } from './notice/queries.ts'
import { openClaim } from './redemption/open-claim.ts'
import { submitClaim } from './redemption/submit-claim.ts'
import { advanceSession } from './session/advance-session.ts'
import { agreeSession } from './session/agree-session.ts'
import { checkIn } from './session/check-in.ts'
import { finishSession } from './session/finish-session.ts'

/** How far a story has come; each stage includes those before it. */
export const stages = [
  'requested',
  'confirmed',
  'running',
  'finished',
  'agreed',
  'transferred',
  'paid',
  'drafted',
  'submitted',
] as const
export type Stage = (typeof stages)[number]

export type Story = {
  enterprise: string
  technician: string
  finance: string
  instrumentId: string
  shortCode: string
  slot: Slot
  mode: (typeof bookableModes)[number]
  programmeId: string | null
  claimant: string
  samples: number
  purpose: string
  preparation: string
  confidentiality: Confidentiality
  talk: readonly [question: string, answer: string] | null
  until: Stage
}

export type Told = { bookingId: string; claimId: string | null }

/** Plays one booking through the verbs themselves, up to its stage. */
export async function tell(play: Play, story: Story): Promise<Told> {
  const reached = (stage: Stage) => stages.indexOf(story.until) >= stages.indexOf(stage)
  const bookingId = await book(play, story)
  if (reached('confirmed')) await confirm(play, story, bookingId)
  if (!reached('running')) return { bookingId, claimId: null }
  const sessionId = await run(play, story, bookingId)
  if (!reached('finished')) return { bookingId, claimId: null }
  await finish(play, story, sessionId)
  if (reached('agreed'))
    await play(story.enterprise, addMinutes(story.slot.endsAt, 90), agreeSession, {
      id: sessionId,
      consentAboveQuote: true,
    })
  if (reached('transferred')) await pay(play, story, bookingId, reached('paid'))
  if (!reached('drafted')) return { bookingId, claimId: null }
  const claimedAt = new Date(story.slot.endsAt.getTime() + 2 * DAY_MS)
  const { id } = await play(story.claimant, claimedAt, openClaim, { bookingId })
  if (reached('submitted'))
    await play(story.claimant, addMinutes(claimedAt, 3), submitClaim, { id })
  return { bookingId, claimId: id }
}

/** Two days ahead at ten in the morning, or as early as the clock allows. */
function bookedAt(story: Story): Date {
  return new Date(story.slot.startsAt.getTime() - 2 * DAY_MS)
}

async function book(play: Play, story: Story): Promise<string> {
  const at = bookedAt(story)
  const { instrumentId, samples, mode, programmeId } = story
  const slot = {
    instrumentId,
    startsAt: story.slot.startsAt.toISOString(),
    endsAt: story.slot.endsAt.toISOString(),
  }
  const { id } = await play(story.enterprise, at, holdSlot, slot)
  const quote = await play(story.enterprise, at, quoteSlot, { ...slot, samples, serviceMode: mode })
  const notice = await play(story.enterprise, at, getNotice, { serviceMode: mode })
  const offer = quote.vouchers.find((one) => one.programmeId === programmeId)
  await play(story.enterprise, addMinutes(at, 4), requestBooking, {
    id,
    serviceMode: mode,
    samples,
    sampleNames: Array.from({ length: samples }, (_, i) => `S-${String(i + 1).padStart(2, '0')}`),
    purpose: story.purpose,
    preparation: story.preparation,
    serviceDirection: '136',
    confidentiality: story.confidentiality,
    noticeId: notice.id,
    programmeId: offer && offer.shareFen > 0 ? programmeId : null,
    expected: { totalFen: quote.price.totalFen, voucherFen: offer?.shareFen ?? 0 },
  })
  if (story.talk)
    await play(story.enterprise, addMinutes(at, 6), sendMessage, {
      bookingId: id,
      text: story.talk[0],
    })
  return id
}

async function confirm(play: Play, story: Story, bookingId: string): Promise<void> {
  const at = addMinutes(bookedAt(story), 12 + (story.samples % 4) * 7)
  const notice = await play(story.enterprise, at, getNotice, { serviceMode: story.mode })
  await play(story.technician, at, confirmBooking, { id: bookingId, noticeId: notice.id })
  if (story.talk)
    await play(story.technician, addMinutes(at, 2), sendMessage, { bookingId, text: story.talk[1] })
}

async function run(play: Play, story: Story, bookingId: string): Promise<string> {
  const { startsAt } = story.slot
  const { id } = await play(story.technician, addMinutes(startsAt, 2), checkIn, {
    code: story.shortCode,
    bookingId,
  })
  await play(story.technician, addMinutes(startsAt, 14), advanceSession, { id, segment: 'testing' })
  return id
}

async function finish(play: Play, story: Story, sessionId: string): Promise<void> {
  const { endsAt } = story.slot
  await play(story.technician, addMinutes(endsAt, -18), advanceSession, {
    id: sessionId,
    segment: 'post_processing',
  })
  const notice = await play(story.technician, endsAt, getNotice, { serviceMode: story.mode })
  await play(story.technician, addMinutes(endsAt, -6), finishSession, {
    id: sessionId,
    samples: story.samples,
    consumables: [{ name: '导电胶', quantity: Math.max(1, story.samples) }],
    note: '',
    handOver: { to: '企业经办人', pcCleared: true, samplesReturned: true },
    noticeId: notice.id,
  })
}

async function pay(play: Play, story: Story, bookingId: string, confirmed: boolean): Promise<void> {
  const at = new Date(story.slot.endsAt.getTime() + DAY_MS)
  const { rows } = await play(story.enterprise, at, listBills, { bookingId })
  const bill = must(rows[0], 'the bill of an agreed session')
  if (bill.amountFen === 0) return
  const reference = `TR${dateOf(at).replaceAll('-', '')}${randomBytes(3).toString('hex').toUpperCase()}`
  await play(story.enterprise, at, noteTransfer, {
    id: bill.id,
    reference,
    transferredOn: dateOf(at),
  })
  if (!confirmed) return
  await play(story.finance, addMinutes(at, 200), confirmReceipt, {
    id: bill.id,
    amountFen: bill.amountFen,
    reference,
    receivedOn: dateOf(at),
  })
}
