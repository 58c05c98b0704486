import type { Outcome, Round } from './suite.ts'
import type { Book } from './writes.ts'

/** The outcome as a table, totals and a verdict, which is the last line. */
export function reportOf({
  seconds,
  rounds,
  book,
  restMs,
  replayed,
  lost,
  wrong,
}: Outcome): string {
  const done = book.writes.filter((write) => write.state === 'done').length
  const refused = book.writes.filter((write) => write.state === 'refused').length
  return [
    table([
      ['fault', 'times', 'ready p50', 'max ms', 'acks p50', 'max ms', '503s', 'broken'],
      ...[...new Set(rounds.map((one) => one.fault))].map((fault) =>
        rowOf(
          fault,
          rounds.filter((one) => one.fault === fault),
        ),
      ),
      rowOf('all', rounds),
    ]),
    '',
    `${seconds.toFixed(0)} s, ${rounds.length} faults, ${done} acknowledged, ${refused} refused, ` +
      `${book.retries} retries, ${book.twins} duplicates, ${book.abandoned} abandoned`,
    countsOf(book),
    `${replayed} replayed at the end: ${lost} lost, ${book.changed.length} changed answers; ` +
      `${book.hung} hung, ${book.bugs.length} bugs, ${book.unfinished.length} unfinished; ` +
      `at rest ${restMs === null ? 'never' : `${Math.round(restMs)} ms`} after the load`,
    ...wrong.map((one) => `wrong: ${one}`),
    wrong.length === 0
      ? `held: ${rounds.length} faults, nothing lost, nothing twice`
      : `BROKEN: ${wrong.length} things are not as promised`,
  ].join('\n')
}

/** How often each thing was done, as its event says. */
function countsOf({ writes }: Book): string {
  const events = writes.flatMap((write) => (write.state === 'done' ? [write.effect.event] : []))
  return [...new Set(events)]
    .map((event) => `${event} ${events.filter((one) => one === event).length}`)
    .join(', ')
}

function rowOf(name: string, rounds: readonly Round[]): string[] {
  const ready = rounds.map((one) => one.readyMs ?? Number.POSITIVE_INFINITY)
  const acknowledged = rounds.map((one) => one.acknowledgedMs ?? Number.POSITIVE_INFINITY)
  return [
    name,
    String(rounds.length),
    ...spread(ready),
    ...spread(acknowledged),
    String(sum(rounds.map((one) => one.unavailable))),
    String(sum(rounds.map((one) => one.broken))),
  ]
}

function spread(values: readonly number[]): string[] {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0
  return [middle, sorted.at(-1) ?? 0].map((ms) => ms.toFixed(0))
}

const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0)

function table(rows: readonly string[][]): string {
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0))) ?? []
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join('  '),
    )
    .join('\n')
}
