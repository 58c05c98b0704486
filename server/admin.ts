import { readFileSync } from 'node:fs'
import path from 'node:path'
import { Refusal, refusals } from '@yiqi/shared/kernel/refusals.ts'
import { Command, CommanderError } from 'commander'
import { forgetsPerson } from './about-person.ts'
import { type AuditOptions, exportRecord, verifyRecord } from './admin-audit.ts'
import { keyCommands } from './admin-keys.ts'
import { importOpenHours } from './booking/import-open-hours.ts'
import { type Finding, findingLabels } from './catalogue/findings.ts'
import { type ImportReport, importInstruments } from './catalogue/import-instruments.ts'
import { loadReference } from './catalogue/load-reference.ts'
import { importTariffs } from './charging/import-tariffs.ts'
import { erasuresFolder, replayErasures } from './identity/erase-closed-accounts.ts'
import { makeClock } from './kernel/clock.ts'
import { loadConfig, vaultKeys } from './kernel/config.ts'
import { connect, type Sql } from './kernel/connect.ts'
import { type Ctx, transact } from './kernel/ctx.ts'
import { diagnose } from './kernel/diagnose.ts'
import { startEmbedded } from './kernel/embedded.ts'
import type { TableImport } from './kernel/imports.ts'
import { makeLog } from './kernel/log.ts'
import { migrate } from './kernel/migrate.ts'
import { makeVault } from './kernel/vault.ts'

// `pnpm admin`: what an administrator does from the command line.
// Exit codes: 0 done · 1 done in part or not at all because of the rows · 2 could not be tried.

const DONE = 0
const ROWS_BAD = 1
const NOT_TRIED = 2
const severityLabels = { error: '错误', warning: '提示', info: '说明' } as const

type Options = { institution?: string; dryRun?: boolean; partial?: boolean; json?: boolean }

await main()

async function main(): Promise<void> {
  const program = new Command('admin').exitOverride()
  const instruments = program.command('instrument').description('instruments')
  importing(instruments, 'a file in the national template (.xlsx or .csv)')
    .requiredOption('--institution <uscc>', 'the institution the instruments belong to')
    .option('--partial', 'import the good rows of a file that has bad ones')
    .action((file: string, options: Options) => end(importInstrumentFile(file, options)))
  importing(program.command('tariff').description('tariffs'), 'a CSV of tariff versions').action(
    (file: string, options: Options) => end(importTable(file, options, importTariffs)),
  )
  importing(
    program.command('open-hours').description('open hours'),
    'a CSV of weekly hours',
  ).action((file: string, options: Options) => end(importTable(file, options, importOpenHours)))
  program
    .command('doctor')
    .description('is the database reachable, migrated and filled?')
    .option('--json', 'print JSON')
    .action((options: Options) => end(doctor(options)))
  auditing(program.command('audit').description('the audit record'))
  keyCommands(program, (work) => end(withCtx(work)))
  program
    .command('erasures')
    .description('people whose data must be gone')
    .command('replay')
    .description('after a back-up was restored: erases again who was erased since')
    .option('--list <folder>', 'the folder with erasures.jsonl, kept elsewhere')
    .exitOverride()
    .action((options: { list?: string }) => end(withCtx((ctx) => replay(ctx, options.list))))
  try {
    await program.parseAsync()
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    process.exitCode = error.exitCode === 0 ? DONE : NOT_TRIED
  }
}

function importing(command: Command, what: string): Command {
  return command
    .command('import')
    .argument('<file>', what)
    .option('--dry-run', 'only say what would happen')
    .option('--json', 'print JSON')
    .exitOverride()
}

function auditing(record: Command): void {
  record
    .command('verify')
    .description('is the record what was written? ends with 1 when something was tampered with')
    .option('--seals <folder>', 'seals and public keys kept elsewhere')
    .option('--json', 'print JSON')
    .exitOverride()
    .action((options: AuditOptions) => end(withDatabase((sql) => verifyRecord(sql, options))))
  record
    .command('export')
    .description('entries and transfers, each with its link, a JSON line each')
    .requiredOption('--from <day>', 'the first day, YYYY-MM-DD')
    .requiredOption('--to <day>', 'the last day')
    .requiredOption('--out <file>', 'the file to write')
    .exitOverride()
    .action((options: AuditOptions) => end(withDatabase((sql) => exportRecord(sql, options))))
}

async function end(work: Promise<number>): Promise<void> {
  try {
    process.exitCode = await work
  } catch (error) {
    process.exitCode = NOT_TRIED
    console.error(error instanceof Refusal ? refusals[error.code].zh : messageOf(error))
  }
}

async function importInstrumentFile(file: string, options: Options): Promise<number> {
  const bytes = readFileSync(file)
  const report = await withCtx((ctx) =>
    importInstruments(ctx, {
      file: { name: path.basename(file), bytes },
      owner: { uscc: options.institution ?? '' },
      dryRun: options.dryRun ?? false,
      partial: options.partial ?? false,
    }),
  )
  if (options.json) console.log(JSON.stringify(report, null, 2))
  else printReport(report, options)
  return report.rowsRejected > 0 || report.result === 'reject-file' ? ROWS_BAD : DONE
}

type ImportTable = (ctx: Ctx, input: { csv: Buffer; dryRun: boolean }) => Promise<TableImport>

async function importTable(file: string, options: Options, run: ImportTable): Promise<number> {
  const csv = readFileSync(file)
  const report = await withCtx((ctx) => run(ctx, { csv, dryRun: options.dryRun ?? false }))
  if (options.json) console.log(JSON.stringify(report, null, 2))
  else {
    printTable(report.errors.map((each) => [`第 ${each.row} 行`, each.column, each.message]))
    console.log(
      `共 ${report.rowsTotal} 行，写入 ${report.written} 行，${report.errors.length} 处错误`,
    )
  }
  return report.errors.length > 0 ? ROWS_BAD : DONE
}

async function replay(ctx: Ctx, list: string | undefined): Promise<number> {
  const folder = list ?? erasuresFolder(loadConfig().dataDir)
  console.log(`已清除 ${await replayErasures(ctx, { folder, forgetsPerson })} 个账号的个人信息`)
  return DONE
}

async function doctor(options: Options): Promise<number> {
  const found = await withDatabase((sql) => diagnose(sql))
  if (options.json) console.log(JSON.stringify(found, null, 2))
  else printTable(Object.entries(found.facts).map(([name, value]) => [name, String(value)]))
  for (const problem of found.problems) console.error(problem)
  return found.problems.length > 0 ? ROWS_BAD : DONE
}

/** Runs on a migrated database, in one transaction. */
async function withCtx<T>(work: (ctx: Ctx) => Promise<T>): Promise<T> {
  return withDatabase(async (sql, url) => {
    await migrate(url)
    await loadReference(sql)
    const clock = makeClock(() => new Date())
    await clock.refresh(sql)
    const actor = { kind: 'job', name: 'admin' } as const
    const log = makeLog('warn')
    const vault = makeVault(vaultKeys(loadConfig()))
    const ctx = { sql, actor, now: clock.now, demo: false, requestId: 'job:admin', log, vault }
    return transact({ ...ctx, address: null }, work)
  })
}

/** DATABASE_URL, else the built-in database: the one that runs, or started for this command. */
async function withDatabase<T>(work: (sql: Sql, url: string) => Promise<T>): Promise<T> {
  const { databaseUrl, dataDir, pgBin } = loadConfig()
  const embedded = databaseUrl === null ? await startEmbedded({ dataDir, pgBin }) : null
  const url = databaseUrl ?? embedded?.url ?? ''
  const sql = connect(url, { max: 2, statementTimeoutMs: 0, deadlineMs: 0 })
  try {
    return await work(sql, url)
  } finally {
    await sql.end({ timeout: 5 })
    await embedded?.stop()
  }
}

function printReport(report: ImportReport, options: Options): void {
  printTable(report.findings.map(lineOf))
  const { rowsTotal, rowsAccepted, rowsRejected, written } = report
  console.log(`共 ${rowsTotal} 行，合格 ${rowsAccepted} 行，不合格 ${rowsRejected} 行`)
  if (options.dryRun) console.log('试算，未写入')
  else console.log(`新增 ${written.created} 台，更新 ${written.updated} 台`)
  if (rowsRejected > 0 && rowsAccepted > 0 && !options.partial) {
    console.log('有不合格的行，未写入；加 --partial 可只导入合格的行')
  }
}

function lineOf(finding: Finding): string[] {
  return [
    finding.row === null ? '整个文件' : `第 ${finding.row} 行`,
    finding.column === 0 ? '' : `第 ${finding.column} 列`,
    severityLabels[finding.severity],
    findingLabels[finding.code],
    finding.header?.split('（')[0] ?? '',
    finding.value ?? '',
  ]
}

/**
 * Columns parted by tabs, so that a spreadsheet takes them; line breaks and controls are shown as
 * blanks.
 */
function printTable(rows: readonly (readonly string[])[]): void {
  for (const row of rows) {
    console.log(row.map((cell) => cell.replace(/\p{Cc}+/gu, ' ')).join('\t'))
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
