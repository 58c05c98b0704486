import { mkdirSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { repoRoot } from '@yiqi/server/kernel/config.ts'

/** One measured thing; `baseline` is null where the value stands for itself. */
export type Figure = {
  name: string
  value: number
  unit: string
  baseline: number | null
  /** Value ÷ baseline; null also beside a baseline of nothing. */
  ratio: number | null
  /** The lowest and the highest of the rounds that `value` is the median of. */
  spread: [low: number, high: number] | null
  bound: Bound | null
}

/** What the value, or the ratio, has to keep to. */
export type Bound = { of: 'value' | 'ratio'; atLeast?: number; atMost?: number }

type Rest = { baseline?: number; spread?: readonly number[]; bound?: Bound }

/** A figure; `rest.spread` are the rounds, in any order. */
export function figure(name: string, unit: string, value: number, rest: Rest = {}): Figure {
  const baseline = rest.baseline ?? null
  const { spread = [], bound = null } = rest
  return {
    name,
    value,
    unit,
    baseline,
    ratio: baseline === null || baseline === 0 ? null : value / baseline,
    spread: spread.length === 0 ? null : [Math.min(...spread), Math.max(...spread)],
    bound,
  }
}

/** The median of the rounds, beside the median of the baseline's rounds. */
export function medianFigure(
  name: string,
  unit: string,
  rounds: { own: readonly number[]; baseline?: readonly number[] },
  bound?: Bound,
): Figure {
  return figure(name, unit, median(rounds.own), {
    spread: rounds.own,
    ...(rounds.baseline ? { baseline: median(rounds.baseline) } : {}),
    ...(bound ? { bound } : {}),
  })
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** The smallest value that `share` of all do not exceed; NaN of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

/** A value that is no number keeps to nothing. */
export function isKept({ value, ratio, bound }: Figure): boolean {
  if (bound === null) return true
  const measured = bound.of === 'ratio' ? (ratio ?? Number.NaN) : value
  return measured >= (bound.atLeast ?? -Infinity) && measured <= (bound.atMost ?? Infinity)
}

/** The figures as a table, one a line. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = [
    ['figure', 'value', 'unit', 'low–high', 'baseline', 'ratio', 'bound', ''],
    ...figures.map((one) => [
      one.name,
      short(one.value),
      one.unit,
      one.spread === null ? '' : one.spread.map(short).join('–'),
      one.baseline === null ? '–' : short(one.baseline),
      one.ratio === null ? '–' : one.ratio.toFixed(2),
      one.bound === null ? '' : wordsOf(one.bound),
      one.bound === null ? '' : isKept(one) ? 'ok' : 'MISSED',
    ]),
  ]
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0))) ?? []
  const pad = (cell: string, i: number) =>
    i === 1 || (i > 2 && i < 6) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n')
}

/** Writes `.data/bench/<name>.json`: the figures, and where and how they were measured. */
export function keep(name: string, figures: readonly Figure[], database: object): void {
  const folder = path.join(repoRoot, '.data', 'bench')
  mkdirSync(folder, { recursive: true })
  const kept = {
    figures: figures.map((one) => ({ ...one, ok: isKept(one) })),
    at: new Date().toISOString(),
    machine: {
      cpu: os.cpus()[0]?.model ?? '',
      cores: os.availableParallelism(),
      memoryBytes: os.totalmem(),
      load: os.loadavg(),
    },
    node: process.version,
    database,
  }
  writeFileSync(path.join(folder, `${name}.json`), `${JSON.stringify(kept, null, 2)}\n`)
}

function wordsOf({ of, atLeast, atMost }: Bound): string {
  const limits = [
    atLeast === undefined ? '' : `≥ ${atLeast}`,
    atMost === undefined ? '' : `≤ ${atMost}`,
  ]
  return `${of} ${limits.filter((one) => one !== '').join(', ')}`
}

function short(value: number): string {
  return value.toFixed(value >= 100 || Number.isInteger(value) ? 0 : value >= 10 ? 1 : 2)
}
