export type MoneyMode = 'deduct' | 'refund' | 'none'

export type MoneyWords = {
  total: string
  voucher: string
  own: string
  quota: string
  plain: string
}

/**
 * The words of one mode, never mixed with the other's: in a refund scheme the enterprise pays the
 * institution
 * everything and is paid back later; in a deduct scheme it pays its own part only, at once.
 */
export function moneyWords(mode: MoneyMode): MoneyWords {
  switch (mode) {
    case 'refund':
      return {
        total: '应付机构',
        voucher: '创新券预计兑付',
        own: '最终承担',
        quota: '年度额度',
        plain: '先付后兑，以最终批次比例为准',
      }
    case 'deduct':
      return {
        total: '费用合计',
        voucher: '创新券抵扣',
        own: '本次应付',
        quota: '年度额度',
        plain: '提交时抵扣，只付自己的部分',
      }
    case 'none':
      return { total: '应付机构', voucher: '', own: '', quota: '', plain: '未使用创新券' }
  }
}

/** Own part and the width of the voucher's part of the bar, in percent. */
export function moneyParts(
  totalFen: number,
  voucherFen: number,
): { ownFen: number; voucherPercent: number } {
  const percent = totalFen === 0 ? 0 : Math.round((voucherFen / totalFen) * 1000) / 10
  return { ownFen: totalFen - voucherFen, voucherPercent: Math.min(100, Math.max(0, percent)) }
}

/** One bar of a waterfall: where it starts and how high it is, in percent of the tallest. */
export type WaterfallBar = {
  label: string
  amountFen: number
  tone: string
  fromPercent: number
  heightPercent: number
}

export type WaterfallStep = {
  label: string
  amountFen: number
  tone: 'own' | 'ok' | 'warn' | 'bad' | 'info' | 'quiet' | 'voucher'
  /** `total` stands on the ground; `part` hangs where the one before ended and goes down. */
  kind: 'total' | 'part'
}

/** Places the steps: parts go down from the last total, one after another. */
export function waterfallBars(steps: readonly WaterfallStep[]): WaterfallBar[] {
  const tallest = Math.max(1, ...steps.map((step) => Math.abs(step.amountFen)))
  let topFen = 0
  return steps.map((step) => {
    const amount = Math.abs(step.amountFen)
    const fromFen = step.kind === 'total' ? 0 : Math.max(0, topFen - amount)
    topFen = step.kind === 'total' ? amount : fromFen
    return {
      label: step.label,
      amountFen: step.amountFen,
      tone: step.tone,
      fromPercent: (fromFen / tallest) * 100,
      heightPercent: (amount / tallest) * 100,
    }
  })
}

/**
 * The three parts of a quota, in percent of the whole; what is used beyond the cap is cut at 100.
 */
export function quotaParts(quota: { totalFen: number; redeemedFen: number; earmarkedFen: number }) {
  const share = (fen: number) =>
    quota.totalFen === 0 ? 0 : Math.min(100, (fen / quota.totalFen) * 100)
  return {
    availableFen: quota.totalFen - quota.redeemedFen - quota.earmarkedFen,
    redeemedPercent: share(quota.redeemedFen),
    earmarkedPercent: share(quota.earmarkedFen),
  }
}
