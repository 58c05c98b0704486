import type { Booking, BookingCard } from '@yiqi/shared/booking/endpoints.ts'
import { type BookingState, nextActorLabels } from '@yiqi/shared/booking/terms.ts'
import { yuan } from '@yiqi/shared/kernel/money.ts'
import { clock, dateOf, dayLabel, stamp } from '@yiqi/shared/kernel/time.ts'
import type { Session } from '@yiqi/shared/session/endpoints.ts'
import {
  CHECK_IN_EARLY_MINUTES,
  SILENT_AGREEMENT_WORKING_DAYS,
} from '@yiqi/shared/session/terms.ts'

// What a booking's page says of the past and the future, in words. Pure.

/** On which side of the booking the viewer stands. */
export type Side = 'enterprise' | 'institution'

export type Step = {
  id: string
  title: string
  detail: string
  state: 'done' | 'now' | 'next'
  tone?: 'bad' | 'warn'
}

const badEvents = [
  'booking.declined',
  'booking.cancelled',
  'booking.spending_refused',
  'booking.displaced',
  'booking.lapsed',
  'session.disputed',
]

/** The events so far, then what is awaited, then what follows, oldest first. */
export function storyOf(booking: Booking, session: Session | null): Step[] {
  const past = booking.timeline.flatMap((event, index): Step[] => {
    if (event.name === 'session.advanced') return [] // the segments stand on the session's card
    const bad = badEvents.includes(event.name)
    const step: Step = {
      id: `${index} ${event.name}`,
      title: event.label,
      detail: [stamp(new Date(event.at)), event.actor, remark(booking, index)]
        .filter(Boolean)
        .join(' · '),
      state: 'done',
      ...(bad ? { tone: 'bad' as const } : {}),
    }
    return [step]
  })
  return [...past, ...futureOf(booking, session)]
}

function remark(booking: Booking, index: number): string | null {
  const event = booking.timeline[index]
  const asked = booking.timeline.find((one) => one.name === 'booking.approval_asked')
  if (
    event?.name === (asked?.name ?? 'booking.requested') &&
    booking.quote !== null &&
    booking.quote.voucherFen > 0
  ) {
    return `额度预占 ${yuan(booking.quote.voucherFen)}`
  }
  if (event?.name === 'booking.confirmed') {
    const asked = booking.timeline.find((one) => one.name === 'booking.requested')
    if (asked !== undefined)
      return `用时 ${answerWords(Date.parse(event.at) - Date.parse(asked.at))}`
  }
  return null
}

function answerWords(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000))
  return minutes < 60 ? `${minutes} 分钟` : `${Math.round(minutes / 60)} 小时`
}

type Ahead = { id: string; title: string; detail: string; tone?: 'warn' }

/** The first of these is what is awaited now. */
function futureOf(booking: Booking, session: Session | null): Step[] {
  const steps = aheadOf(booking, session)
  return steps.map((step, index) => ({ ...step, state: index === 0 ? 'now' : 'next' }))
}

function aheadOf(booking: Booking, session: Session | null): Ahead[] {
  const path: Ahead[] = [
    { id: 'request', title: '提交预约', detail: '' },
    { id: 'confirm', title: '机组确认', detail: dueWords(booking) },
    { id: 'start', title: '扫仪器码开始', detail: startWords(booking) },
    { id: 'finish', title: '结束服务，移交成果', detail: '' },
    hoursStep(session),
    { id: 'pay', title: '付款到账', detail: '' },
  ]
  if (booking.quote?.programmeMode === 'refund')
    path.push({ id: 'claim', title: '申报创新券兑付', detail: '' })
  const from = firstAhead(booking)
  if (from === null) return []
  const ahead = path.slice(from)
  return booking.state === 'awaiting_approval' ? [approvalStep(booking), ...ahead] : ahead
}

function approvalStep(booking: BookingCard): Ahead {
  const due = booking.approvalDueAt
  const detail = due === null ? '' : `${stamp(new Date(due))} 前未批准即失效`
  return { id: 'approve', title: '本单位批准支出', detail, tone: 'warn' }
}

function hoursStep(session: Session | null): Ahead {
  if (session?.state === 'disputed') {
    return { id: 'hours', title: '机组更正机时', detail: '更正后由企业再次核对', tone: 'warn' }
  }
  return {
    id: 'hours',
    title: '双方确认机时',
    detail: `${SILENT_AGREEMENT_WORKING_DAYS} 个工作日未答复视为确认`,
  }
}

/** Which step of the path is awaited; null when nothing is. */
function firstAhead(booking: Booking): number | null {
  switch (booking.state) {
    case 'held':
      return 0
    case 'awaiting_approval':
    case 'requested':
      return 1
    case 'confirmed':
      return 2
    case 'running':
      return 3
    case 'finished':
      return 4
    case 'closed':
      return isPaid(booking) ? afterPayment(booking) : 5
    default:
      return null
  }
}

function afterPayment(booking: Booking): number | null {
  const claims = booking.quote?.programmeMode === 'refund'
  return claims && !booking.timeline.some((event) => event.name.startsWith('claim.')) ? 6 : null
}

function isPaid(booking: Booking): boolean {
  return booking.bill?.state === 'paid'
}

function dueWords(booking: BookingCard): string {
  return booking.answerDueAt === null ? '' : `答复时限 ${stamp(new Date(booking.answerDueAt))}`
}

function startWords(booking: BookingCard): string {
  const at = new Date(booking.startsAt)
  return `${dayLabel(dateOf(at))} ${clock(at)} · 提前 ${CHECK_IN_EARLY_MINUTES} 分钟可签到`
}

/** Who acts next and by when, in one sentence, for this viewer. */
export function nextLine(booking: Booking, session: Session | null, side: Side): string {
  const institution = side === 'institution'
  switch (booking.state) {
    case 'awaiting_approval':
      return approvalLine(booking, institution)
    case 'requested':
      return institution ? '请您答复：确认或谢绝' : '等机组答复，答复前可随时取消'
    case 'confirmed':
      return booking.actions.includes('checkIn')
        ? '现在可以签到：扫仪器上的码'
        : `到时扫仪器码签到：${startWords(booking)}`
    case 'finished':
      return finishedLine(session, institution)
    case 'closed':
      return closedLine(booking, institution)
    case 'cancelled':
      return '预约已取消，额度已释放，不收费'
    case 'lapsed':
      return '已失效，时段已释放，未扣款'
    case 'declined':
    case 'displaced':
      return institution ? '已通知企业，并附上替代时段' : '未扣款，额度已释放；可改约以下时段'
    default:
      return nextActorLabels[booking.state]
  }
}

function approvalLine(booking: Booking, institution: boolean): string {
  if (institution) return '预约单位内部审批中，暂不需要答复'
  return booking.actions.includes('approveSpending')
    ? '超出经办人限额，请您批准或不批准'
    : '超出限额，等本单位管理员批准，批准前可随时取消'
}

function finishedLine(session: Session | null, institution: boolean): string {
  if (session?.state === 'disputed') {
    return institution ? '请核对企业的异议并更正机时' : '等机组更正机时，更正后请再次核对'
  }
  const silent = `${SILENT_AGREEMENT_WORKING_DAYS} 个工作日未答复视为确认`
  return institution ? `等企业核对机时，${silent}` : `请核对机时，${silent}`
}

function closedLine(booking: Booking, institution: boolean): string {
  if (booking.bill === null || booking.bill.amountFen === 0) return nextActorLabels.closed
  if (isPaid(booking)) {
    return booking.actions.includes('claim') && !institution
      ? '已到账，可申报创新券兑付'
      : '款项已到账，服务完成'
  }
  return institution
    ? '等企业对公转账，到账后由单位财务确认'
    : '请对公转账并登记流水号，到账后由单位财务确认'
}

const overStates: readonly BookingState[] = [
  'closed',
  'lapsed',
  'declined',
  'cancelled',
  'displaced',
  'no_show',
]

/** Whether nobody has anything more to say: the composer is then closed. */
export function isOver(state: BookingState): boolean {
  return overStates.includes(state) && state !== 'closed'
}
