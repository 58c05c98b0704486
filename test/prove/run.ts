import { parseArgs } from 'node:util'
import { startVitest } from 'vitest/node'
import { proveMachines, proveRules, proveSimulator, type Row } from './parts.ts'

// `pnpm prove`: the long proof. `--steps N` is the length of the simulation, the others in
// proportion; `--seed N` alone replays that one seed of every part but the history, whose order the
// network decides.

const STEPS = 1_000_000
const HISTORY_SECONDS = 120

const { values } = parseArgs({ options: { steps: { type: 'string' }, seed: { type: 'string' } } })
const replay = values.seed !== undefined && values.steps === undefined
const steps = replay ? 1 : Number(values.steps ?? STEPS)
const seed = Number(values.seed ?? Date.now() % 1_000_000)
if (![steps, seed].every((n) => Number.isSafeInteger(n) && n >= 0))
  throw new Error('--steps and --seed are whole numbers')

console.log(`seed ${seed}`)
const rows = [
  proveRules(seed, steps / 10),
  proveMachines(seed, steps / 20),
  proveSimulator(seed, steps),
]
if (!replay) rows.push(await recordedHistory())
console.log(`\n${tableOf(rows)}\n`)
const violations = rows.flatMap((row) => row.violations)
for (const violation of violations) console.log(violation)
if (violations.length > 0)
  console.log('A seed that found something belongs into test/prove/regressions.ts.')
console.log(verdict())
process.exit(violations.length > 0 ? 1 : 0)

/** The history runs under vitest, which starts its database as for every other test. */
async function recordedHistory(): Promise<Row> {
  const seconds = Math.min(HISTORY_SECONDS, Math.ceil((HISTORY_SECONDS * steps) / STEPS))
  const vitest = await startVitest('test', ['test/prove/history.test.ts'], {
    ...{ watch: false, project: ['server'], testTimeout: 600_000 },
    provide: { history: { seed, clients: 12, seconds } },
  })
  const tests = vitest.state.getTestModules().flatMap((module) => [...module.children.allTests()])
  const row = tests.map((test) => test.meta().history).find((one) => one !== undefined)
  await vitest.close()
  const none = { seeds: 0, steps: 0, ms: 0, crashes: 0, retries: 0 }
  return row ?? { part: 'history', ...none, violations: ['the history was not recorded'] }
}

function verdict(): string {
  const total = rows.reduce((sum, row) => sum + row.steps, 0).toLocaleString('en')
  return violations.length > 0
    ? `BROKEN: ${violations.length} violations in ${total} steps`
    : `HOLDS: no violation in ${total} steps`
}

function tableOf(all: readonly Row[]): string {
  const head = ['part', 'seeds', 'steps', 'steps/s', 'crashes', 'retries', 'violations']
  const cells = all.map((row) => [
    row.part,
    ...[row.seeds, row.steps, (row.steps * 1000) / Math.max(1, row.ms), row.crashes, row.retries]
      .map(Math.round)
      .map((n) => n.toLocaleString('en')),
    String(row.violations.length),
  ])
  const widths = head.map((_, i) =>
    Math.max(...[head, ...cells].map((row) => (row[i] ?? '').length)),
  )
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
  return [head, ...cells].map(line).join('\n')
}
