import type { Bill } from '@yiqi/shared/charging/endpoints.ts'

type Sums = Pick<Bill, 'amountFen' | 'paidFen'>

/** What has not arrived yet. */
export function dueFen(bill: Sums): number {
  return Math.max(0, bill.amountFen - bill.paidFen)
}

/** The totals row of the bills on screen. */
export function billTotals(bills: readonly Sums[]) {
  return {
    amountFen: bills.reduce((sum, bill) => sum + bill.amountFen, 0),
    paidFen: bills.reduce((sum, bill) => sum + bill.paidFen, 0),
    dueFen: bills.reduce((sum, bill) => sum + dueFen(bill), 0),
  }
}

/** Why an amount cannot be confirmed, in words; null when it can. */
export function whyNotAmount(amountFen: number | null, bill: Sums): string | null {
  if (amountFen === null) return '请填写金额，最多两位小数'
  if (amountFen <= 0) return '金额须大于 0'
  return amountFen > dueFen(bill) ? '超过账单未付金额' : null
}
