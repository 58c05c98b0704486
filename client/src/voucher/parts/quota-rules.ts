import type { BookingCard } from '@yiqi/shared/booking/endpoints.ts'
import type { BookingState } from '@yiqi/shared/booking/terms.ts'
import { yuan } from '@yiqi/shared/kernel/money.ts'
import { serviceModeLabels, serviceModes } from '@yiqi/shared/notice/terms.ts'
import type { Programme, Quota, Transfer } from '@yiqi/shared/voucher/endpoints.ts'
import { type ProgrammeMode, programmeModeLabels } from '@yiqi/shared/voucher/terms.ts'

// The money of one quota: what the services cost, what is borne, what the voucher bears.

export type MoneyFlow = {
  bookings: number
  totalFen: number
  ownFen: number
  voucherFen: number
}

const dropped: readonly BookingState[] = ['lapsed', 'declined', 'cancelled', 'displaced', 'no_show']

/**
 * The bookings that this quota bears a part of: those its transfers name, without those that came
 * to nothing.
 */
export function moneyFlow(
  bookings: readonly Pick<BookingCard, 'id' | 'state' | 'totalFen' | 'voucherFen'>[],
  transfers: readonly Pick<Transfer, 'bookingId'>[],
): MoneyFlow {
  const named = new Set(transfers.map((transfer) => transfer.bookingId))
  const counted = bookings.filter(
    (booking) =>
      named.has(booking.id) && !dropped.includes(booking.state) && booking.totalFen !== null,
  )
  const totalFen = counted.reduce((sum, booking) => sum + (booking.totalFen ?? 0), 0)
  const voucherFen = counted.reduce((sum, booking) => sum + (booking.voucherFen ?? 0), 0)
  return { bookings: counted.length, totalFen, ownFen: totalFen - voucherFen, voucherFen }
}

/** The words of the three bars; those of one mode never stand beside the other's. */
export const flowWords: Record<ProgrammeMode, { total: string; own: string; voucher: string }> = {
  deduct: { total: '服务费用', own: '自付', voucher: '创新券抵扣' },
  refund: { total: '服务费用', own: '最终承担', voucher: '预计兑付' },
}

/** 50%, 33.3% */
export function permilleLabel(permille: number): string {
  return `${permille % 10 === 0 ? permille / 10 : (permille / 10).toFixed(1)}%`
}

const modePlain: Record<ProgrammeMode, string> = {
  deduct: '付款时直接减去，由机构向财政申报',
  refund: '先向机构付全款，再由企业申报、财政拨回',
}

/** The terms of a programme in plain words, one line each. */
export function programmeTerms(programme: Programme): { name: string; words: string }[] {
  const { bookingCapFen, serviceModes: allowed } = programme
  const modes = serviceModes.filter((mode) => allowed.includes(mode))
  return [
    { name: '方式', words: `${programmeModeLabels[programme.mode]}：${modePlain[programme.mode]}` },
    {
      name: '比例',
      words: `服务费用的 ${permilleLabel(programme.ratioPermille)}${bookingCapFen === null ? '，单次不限额' : `，单次最高 ${yuan(bookingCapFen)}`}`,
    },
    { name: '年度上限', words: `每家企业 ${yuan(programme.enterpriseCapFen)}` },
    { name: '有效期', words: `服务日在 ${programme.validFrom} 至 ${programme.validTo}` },
    ...(modes.length === 0
      ? []
      : [{ name: '适用服务', words: modes.map((mode) => serviceModeLabels[mode]).join('、') }]),
    {
      name: '出资',
      words: `省级 ${permilleLabel(programme.provincePermille)}，市级 ${permilleLabel(1000 - programme.provincePermille)}`,
    },
  ]
}

/** What one movement did to the spendable quota, for its sign and colour. */
export function changeTone(changeFen: number): 'ok' | 'voucher' | 'ink3' {
  if (changeFen === 0) return 'ink3'
  return changeFen > 0 ? 'ok' : 'voucher'
}

/** Why a movement was: its reason, and why a posting gives something back. */
export function transferWords(row: Pick<Transfer, 'kind' | 'amountFen' | 'reason'>): string {
  const back = row.kind === 'post' && row.amountFen > 0 ? '多预占的部分已退回' : ''
  return [row.reason ?? '', back].filter((words) => words !== '').join('；')
}

/** +¥830.00, −¥830.00, ¥0.00 */
export function signedYuan(changeFen: number): string {
  return changeFen > 0 ? `+${yuan(changeFen)}` : yuan(changeFen)
}

type QuotaSums = Pick<Quota, 'issuedFen' | 'redeemedFen' | 'earmarkedFen' | 'availableFen'>

/** The totals row of the quotas on screen. */
export function quotaTotals(rows: readonly QuotaSums[]): QuotaSums {
  const sum = (key: keyof QuotaSums) => rows.reduce((total, row) => total + row[key], 0)
  return {
    issuedFen: sum('issuedFen'),
    redeemedFen: sum('redeemedFen'),
    earmarkedFen: sum('earmarkedFen'),
    availableFen: sum('availableFen'),
  }
}

/** Why an amount cannot be issued, in words; null when the server may be asked. */
export function whyNotIssue(
  amountFen: number | null,
  programme: Pick<Programme, 'budgetFen' | 'enterpriseCapFen'>,
): string | null {
  if (amountFen === null) return '请填写金额，最多两位小数'
  if (amountFen <= 0) return '金额须大于 0'
  if (amountFen > programme.enterpriseCapFen) return '超过单个企业年度上限'
  return amountFen > programme.budgetFen ? '超过预算余额' : null
}
