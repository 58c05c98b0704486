import type { Tariff } from '@yiqi/shared/charging/endpoints.ts'
import type { DateText } from '@yiqi/shared/kernel/time.ts'

export type TariffAge = 'past' | 'current' | 'future'

/** Where a version stands on a day; both days of its range count. */
export function tariffAge(
  tariff: Pick<Tariff, 'effectiveFrom' | 'effectiveTo'>,
  day: DateText,
): TariffAge {
  if (day < tariff.effectiveFrom) return 'future'
  return tariff.effectiveTo !== null && tariff.effectiveTo < day ? 'past' : 'current'
}

/** What others pay: the external versions, newest first, and the one in force on the day. */
export function tariffsFor(
  rows: readonly Tariff[],
  day: DateText,
): { current: Tariff | null; versions: Tariff[] } {
  const versions = rows
    .filter((tariff) => tariff.tier === 'external')
    .sort((a, b) => b.effectiveFrom.localeCompare(a.effectiveFrom))
  return { current: versions.find((one) => tariffAge(one, day) === 'current') ?? null, versions }
}
