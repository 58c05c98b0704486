import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import type { Sql } from '@yiqi/server/kernel/connect.ts'
import { addDays, dateOf, instantAt } from '@yiqi/shared/kernel/time.ts'
import { CONNECTIONS } from './driver.ts'
import type { Database, Stage } from './stage.ts'
import { HOURS_A_DAY, INSTRUMENTS, OPENS, type World } from './world.ts'
import { type Papers, termsOf } from './writes.ts'

/** Its hours begin so many days from today, where nobody else books. */
const FROM_DAY = 60
const DAYS = 20
const THREADS = 2

/** New connections plan everything anew. */
const WARM_SECONDS = 2
const SECONDS = 6

/**
 * The two writes of a booking by PostgreSQL's own load generator: how many bookings it made in each
 * second, once warm. Null where pgbench is not installed.
 */
export async function runPgbench(
  { folder }: Stage,
  { sql, url }: Database,
  world: World,
  papers: Papers,
): Promise<number[] | null> {
  if (spawnSync('pgbench', ['--version']).status !== 0) return null
  await addHours(sql, world, papers)
  const file = path.join(folder, 'pgbench.sql')
  writeFileSync(file, script)
  const load = ['-c', CONNECTIONS, '-j', THREADS, '-T', WARM_SECONDS + SECONDS, '-P', 1]
  const child = spawn('pgbench', ['-n', '-M', 'prepared', ...load.map(String), '-f', file, url])
  const ended = once(child, 'exit')
  child.stdout.resume()
  const said = await text(child.stderr)
  await ended
  const rates = [...said.matchAll(/^progress: .* ([\d.]+) tps.* 0 failed$/gm)].map(([, tps]) =>
    Number(tps),
  )
  if (child.exitCode !== 0 || rates.length <= WARM_SECONDS)
    throw new Error(`pgbench failed: ${said.slice(0, 1_000)}`)
  return rates.slice(WARM_SECONDS)
}

const answer = (endpoint: string, step: string) => `
  row(h.user_id::text, '${step}-' || h.id, '${endpoint}', repeat('0', 64), 200,
    p.answer, now())::idempotency_keys`

const script = `
select h.n, hold_slot(h.id, h.number, h.instrument_id, h.institution_id, h.organisation_id,
  h.user_id, h.starts_at, h.ends_at, 0, 10, 5, now(), ${answer('POST /bookings', 'hold')}) as held
from bench_hours h, bench_papers p where h.n = (select nextval('bench_hour')) \\gset
select request_booking(h.id, now(), h.user_id, h.organisation_id, null,
  now() + interval '4 hours', now(), p.terms || jsonb_build_object('tariffId', h.tariff_id),
  p.agreement, null,
  ${answer('PUT /bookings/{id}/request', 'request')})
from bench_hours h, bench_papers p where h.n = :n;
`

/** Everything the writes are told, ready in tables: each hour is booked once. */
async function addHours(sql: Sql, world: World, papers: Papers): Promise<void> {
  const from = instantAt(addDays(dateOf(new Date()), FROM_DAY), OPENS * 60)
  const answered = JSON.stringify({ id: '', number: '', state: '', startsAt: from, endsAt: from })
  await sql`
    create table bench_papers as select ${sql.json(termsOf(world, papers, null))}::jsonb as terms,
      ${sql.json(papers.agreement)}::jsonb as agreement, ${answered}::text as answer`
  await sql`
    create table bench_hours as
    select h * ${INSTRUMENTS}::int + i.nth as n, new_id() as id,
      format('P%s-%s', h, i.nth) as number, i.id as instrument_id, i.institution_id, i.tariff_id,
      m.organisation_id, m.user_id, start as starts_at, start + interval '1 hour' as ends_at
    from generate_series(0, ${DAYS * HOURS_A_DAY - 1}::int) h
      cross join lateral (select ${from}::timestamptz
        + make_interval(days => h / ${HOURS_A_DAY}, hours => h % ${HOURS_A_DAY}) as start) s
      cross join (select i.id, i.institution_id, t.id as tariff_id,
        row_number() over (order by i.id) - 1 as nth
        from instruments i join tariffs t on t.instrument_id = i.id) i
      join (select organisation_id, user_id, row_number() over (order by id) - 1 as nth
        from memberships) m
        on m.nth = (h * ${INSTRUMENTS} + i.nth) % ${world.users.length}`
  await sql`alter table bench_hours add primary key (n)`
  await sql`create sequence bench_hour minvalue 0`
  await sql`analyze bench_hours`
}
