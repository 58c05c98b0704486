import { assert } from '../kernel/assert.ts'
import { ratePerHour } from '../kernel/money.ts'
import type { Component } from './terms.ts'

/** One tariff version in force for a tier. Fen; minutes. */
export type TariffRates = {
  materialFenPerSample: number
  utilitiesFenPerHour: number
  labourFenPerHour: number
  minimumMinutes: number
}

export type PriceLine = {
  component: Component
  rateFen: number
  quantity: number
  amountFen: number
}

export type Price = { billableMinutes: number; lines: PriceLine[]; totalFen: number }

/**
 * Prices minutes and samples by one tariff version. Billable minutes are the larger of the minutes
 * and the tariff's minimum, by the minute; utilities and labour are each rounded half up to a whole
 * fen.
 */
export function priceUse(rates: TariffRates, use: { minutes: number; samples: number }): Price {
  assert(Number.isInteger(use.minutes) && use.minutes >= 0, 'minutes are whole')
  assert(Number.isInteger(use.samples) && use.samples >= 0, 'samples are whole')
  const billableMinutes = Math.max(use.minutes, rates.minimumMinutes)
  const lines: PriceLine[] = [
    {
      component: 'material',
      rateFen: rates.materialFenPerSample,
      quantity: use.samples,
      amountFen: rates.materialFenPerSample * use.samples,
    },
    {
      component: 'utilities',
      rateFen: rates.utilitiesFenPerHour,
      quantity: billableMinutes,
      amountFen: ratePerHour(rates.utilitiesFenPerHour, billableMinutes),
    },
    {
      component: 'labour',
      rateFen: rates.labourFenPerHour,
      quantity: billableMinutes,
      amountFen: ratePerHour(rates.labourFenPerHour, billableMinutes),
    },
  ]
  return { billableMinutes, lines, totalFen: lines.reduce((sum, line) => sum + line.amountFen, 0) }
}
