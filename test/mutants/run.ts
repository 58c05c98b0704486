import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { loadConfig } from '@yiqi/server/kernel/config.ts'
import { startEmbedded } from '@yiqi/server/kernel/embedded.ts'
import { type CaughtBy, type Mutant, mutants } from './mutants.ts'
import { copyTree, whileBroken } from './tree.ts'
import { type Place, tryOut, wordsOf } from './trial.ts'

// Breaks one guard at a time in a copy of the tree and expects the tests to notice. `pnpm mutants`
// breaks all, `pnpm mutants commit-tag-ignored` those named.

type Row = { mutant: Mutant; result: 'caught' | 'SURVIVED' | 'BROKEN'; seconds: number }

const names = process.argv.slice(2)
const unknown = names.filter((name) => !mutants.some((mutant) => mutant.name === name))
if (unknown.length > 0) {
  console.error(`no such mutant: ${unknown.join(', ')}. There are:`)
  for (const { name, guard } of mutants) console.error(`  ${name}: ${guard}`)
  process.exit(1)
}
const chosen = mutants.filter(({ name }) => names.length === 0 || names.includes(name))

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort())
// Named so that the next run of the tests removes it, should this process be killed.
const folder = mkdtempSync(path.join(tmpdir(), `yiqi-test-${process.pid}-mutants-`))
chmodSync(folder, 0o755)
try {
  process.exitCode = (await runAll()) ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Whether every chosen mutant was caught by a test that is green without it. */
async function runAll(): Promise<boolean> {
  const tree = path.join(folder, 'tree')
  mkdirSync(tree)
  copyTree(tree)
  const { pgBin } = loadConfig()
  const cluster = await startEmbedded({ dataDir: folder, pgBin, throwaway: true })
  try {
    const place: Place = { folder: tree, databaseUrl: cluster.url, signal: stop.signal }
    if (!(await areGreen(place))) return false
    const rows: Row[] = []
    for (const mutant of chosen) if (!stop.signal.aborted) rows.push(await breakOne(place, mutant))
    const caught = rows.filter((row) => row.result === 'caught').length
    console.log(`\n${table(rows)}\n`)
    console.log(
      caught === chosen.length
        ? `held: all ${caught} guards were broken on purpose, and every time a test went red`
        : `NOT PROVED: ${caught} of ${chosen.length} broken guards were caught`,
    )
    return caught === chosen.length
  } finally {
    await cluster.stop()
  }
}

/** What is red without a mutant proves nothing with one. */
async function areGreen(place: Place): Promise<boolean> {
  const trials = new Map<string, CaughtBy>(
    chosen.map(({ caughtBy }) => [wordsOf(caughtBy), caughtBy]),
  )
  console.log(`${trials.size} tests with nothing broken`)
  let green = true
  for (const [words, caughtBy] of trials) {
    const { colour, why } = await tryOut(place, caughtBy)
    if (colour === 'green') continue
    console.log(`${words}: ${colour} with nothing broken. ${why}`)
    green = false
  }
  return green
}

async function breakOne(place: Place, mutant: Mutant): Promise<Row> {
  const started = performance.now()
  const { colour, why } = await whileBroken(place.folder, mutant, () =>
    tryOut(place, mutant.caughtBy),
  )
  const result = ({ red: 'caught', green: 'SURVIVED', broken: 'BROKEN' } as const)[colour]
  console.log(`${result}  ${mutant.name}  ${why}`)
  return { mutant, result, seconds: (performance.now() - started) / 1000 }
}

function table(rows: readonly Row[]): string {
  const cells = [
    ['mutant', 'guard', 'caught by', 'result', 'seconds'],
    ...rows.map(({ mutant, result, seconds }) => [
      ...[mutant.name, mutant.guard, wordsOf(mutant.caughtBy), result, seconds.toFixed(1)],
    ]),
  ]
  const widths = cells[0]?.map((_, i) => Math.max(...cells.map((row) => row[i]?.length ?? 0))) ?? []
  return cells
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
