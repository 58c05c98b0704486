import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { must } from '@yiqi/shared/kernel/assert.ts'
import { fenFrom, yuanPlain } from '@yiqi/shared/kernel/money.ts'
import { addDays, addMinutes, DAY_MS, dateOf } from '@yiqi/shared/kernel/time.ts'
import { declareOutage } from './booking/declare-outage.ts'
import { loadDemoRegisters } from './demo.ts'
import { issueByTwo, openAccounts } from './demo-accounts.ts'
import { claimed, PHARMA, type Plan } from './demo-plans.ts'
import { loadDemoStaff } from './demo-staff.ts'
import { makeStage, type Play, slotOn } from './demo-stage.ts'
import { type Told, tell } from './demo-story.ts'
import { waiting } from './demo-week.ts'
import { demoPeople } from './identity/demo-people.ts'
import { repoRoot } from './kernel/config.ts'
import { asActor, type Ctx } from './kernel/ctx.ts'
import { drainEvents } from './kernel/events.ts'
import { deliverEvents } from './message/deliver-events.ts'
import { markInboxRead } from './message/mark-inbox-read.ts'
import { approveBatch } from './redemption/approve-batch.ts'
import { bindClaim } from './redemption/bind-claim.ts'
import { importBankReturn } from './redemption/import-bank-return.ts'
import { instructBatch } from './redemption/instruct-batch.ts'
import { openBatch } from './redemption/open-batch.ts'
import { publiciseBatch } from './redemption/publicise-batch.ts'
import { getPaymentFile } from './redemption/queries-payments.ts'
import { reconcileBatch } from './redemption/reconcile-batch.ts'
import { reviewClaim } from './redemption/review-claim.ts'
import { withdrawClaim } from './redemption/withdraw-claim.ts'
import { loadProgrammes } from './voucher/load-programmes.ts'
import { proposeQuota } from './voucher/propose-quota.ts'
import { programmesWhere } from './voucher/queries.ts'

/** Told in this order: the oldest first, so that numbers grow with time. */
const plans: readonly Plan[] = [...claimed, ...waiting].sort((a, b) => a.day - b.day)

/** Enterprises that are paid themselves, or soon will be: the first of them is the tour's. */
const refunded = [demoPeople.enterpriseMember, PHARMA]

/** What a claim still goes through after it was submitted. */
export type Fate = 'bound' | 'city' | 'province' | 'returned' | 'withdrawn' | 'batch'

type Performed = Told & { plan: Plan; finance: string }
type Programmes = Record<'deduct' | 'refund', string>

/**
 * Loads the demonstration into an empty database: the registers, then a living week made through
 * the verbs themselves, relative to now: bookings of today and the days around it, past sessions,
 * claims in every state, one batch at peace with its bank file and one with a difference. Answers
 * whether it had anything to do.
 */
export async function loadDemo(base: Ctx): Promise<boolean> {
  return asActor(base, load)
}

/** All of it or nothing: a start that was killed half-way begins anew. */
async function load(ctx: Ctx): Promise<boolean> {
  const { loaded } = await loadDemoRegisters(ctx)
  if (!loaded) return false
  ctx.log('info', 'demo_registers_loaded')
  const programmes = await fund(ctx)
  const play = makeStage(ctx)
  const told: Performed[] = []
  // What runs now is told last: nothing else could be told of its instrument any more.
  const runsNow = (plan: Plan) => Number(plan.until === 'running')
  for (const plan of plans.toSorted((a, b) => runsNow(a) - runsNow(b))) {
    const one = await perform(ctx, play, programmes, plan)
    if (one) told.push(one)
  }
  await outage(ctx, play)
  await openAccounts(ctx, play, {
    institutions: [...new Set(plans.map((plan) => plan.institution))],
    enterprises: refunded,
  })
  await redeem(ctx, play, programmes, told)
  await loadDemoStaff(ctx, play)
  await readOldNews(ctx, play)
  ctx.log('info', 'demo_life_loaded', { bookings: told.length })
  return true
}

/** Programmes of this year, and quota for the enterprises that appear. */
async function fund(ctx: Ctx): Promise<Programmes> {
  const raw = await readFile(path.join(repoRoot, 'drizzle', 'demo', 'programmes.json'), 'utf8')
  const today = dateOf(ctx.now())
  const year = Number(today.slice(0, 4))
  const [first, last] = [addDays(today, -60), addDays(today, 30)]
  // Around New Year the past sessions of the tour still fall under the programme.
  const from = first < `${year}-01-01` ? first : `${year}-01-01`
  const to = last > `${year}-12-31` ? last : `${year}-12-31`
  await loadProgrammes(ctx, { year, from, to }, JSON.parse(raw))
  const all = await programmesWhere(ctx)
  const idOf = (mode: 'deduct' | 'refund') =>
    must(
      all.find((one) => one.mode === mode),
      `a ${mode} programme`,
    ).id
  const programmes = { deduct: idOf('deduct'), refund: idOf('refund') }
  const play = makeStage(ctx)
  const people = [
    ...new Set([demoPeople.enterpriseMember, ...plans.map((plan) => plan.enterprise)]),
  ]
  for (const person of people) {
    const wish = { enterpriseId: await enterpriseOf(ctx, person), amountFen: 30_000_000 }
    await issueByTwo(play, ctx.now(), { programmeId: programmes.deduct, ...wish })
    await issueByTwo(play, ctx.now(), { programmeId: programmes.refund, ...wish })
  }
  // One proposal waits for the second person of the tour.
  await play(demoPeople.provinceAdministrator, ctx.now(), proposeQuota, {
    programmeId: programmes.deduct,
    enterpriseId: await enterpriseOf(ctx, demoPeople.enterpriseMember),
    amountFen: 5_000_000,
    reason: '年中追加',
  })
  return programmes
}

async function enterpriseOf(ctx: Ctx, person: string): Promise<string> {
  const [row] = await ctx.sql<{ organisationId: string }[]>`
    select m.organisation_id from memberships m join users u on u.id = m.user_id
      where u.person_id = ${person}`
  return must(row, `the enterprise of ${person}`).organisationId
}

async function perform(
  ctx: Ctx,
  play: Play,
  programmes: Programmes,
  plan: Plan,
): Promise<Performed | null> {
  const [place] = await ctx.sql<
    { id: string; shortCode: string; technician: string; finance: string }[]
  >`
    select i.id, i.short_code, t.person_id as technician, f.person_id as finance
    from instruments i join organisations o on o.id = i.institution_id
      join instrument_technicians it on it.instrument_id = i.id join users t on t.id = it.user_id
      join memberships m on m.organisation_id = o.id and m.role = 'institution-finance'
      join users f on f.id = m.user_id
    where o.uscc = ${plan.institution} and i.inner_id = ${plan.innerId} limit 1`
  if (!place) return null
  const slot = await slotOn(ctx, place.id, plan)
  if (!slot) return null
  // A slot of today that has begun cannot be asked for any more: its story is told up to where it
  // can be.
  const told = await tell(play, {
    ...plan,
    technician: place.technician,
    finance: place.finance,
    instrumentId: place.id,
    shortCode: place.shortCode,
    slot,
    programmeId: plan.programme === null ? null : programmes[plan.programme],
    claimant: plan.programme === 'deduct' ? place.finance : plan.enterprise,
    until:
      plan.day === 0 && slot.startsAt > ctx.now() && plan.until !== 'requested'
        ? 'confirmed'
        : plan.until,
  })
  return { ...told, plan, finance: place.finance }
}

/** One outage of the coming days on the instrument of the tour. */
async function outage(ctx: Ctx, play: Play): Promise<void> {
  const [instrument] = await ctx.sql<{ instrumentId: string }[]>`
    select it.instrument_id from instrument_technicians it join users u on u.id = it.user_id
      join instruments i on i.id = it.instrument_id
    where u.person_id = ${demoPeople.technician} order by i.inner_id desc limit 1`
  if (!instrument) return
  const slot = await slotOn(ctx, instrument.instrumentId, {
    day: 4,
    part: 1,
    skip: 60,
    minutes: 120,
  })
  if (!slot) return
  await play(demoPeople.technician, ctx.now(), declareOutage, {
    instrumentId: instrument.instrumentId,
    startsAt: slot.startsAt.toISOString(),
    endsAt: slot.endsAt.toISOString(),
    kind: 'preventive',
    note: '灯丝更换与合轴',
  })
}

/**
 * Delivers what happened, and has everybody read what is older than a day: today's news stay
 * unread.
 */
async function readOldNews(ctx: Ctx, play: Play): Promise<void> {
  while ((await drainEvents(ctx, deliverEvents)) > 0);
  const old = await ctx.sql<{ personId: string; ids: string[] }[]>`
    select u.person_id, array_agg(i.id) as ids
    from (select *, row_number() over (partition by user_id order by at) / 100 as part
      from inbox_entries) i
      join users u on u.id = i.user_id
    where i.at < ${new Date(ctx.now().getTime() - DAY_MS)} and u.person_id is not null
    group by u.person_id, i.part`
  for (const { personId, ids } of old) await play(personId, ctx.now(), markInboxRead, { ids })
}

/** Claims to where their plan takes them, then the batches of both programmes. */
async function redeem(
  ctx: Ctx,
  play: Play,
  programmes: Programmes,
  told: Performed[],
): Promise<void> {
  const now = ctx.now()
  const province = demoPeople.provinceAdministrator
  const checker = demoPeople.provinceChecker
  for (const round of ['peace', 'difference', 'approval'] as const) {
    for (const one of told.filter(({ plan }) => plan.round === round)) await review(play, one, now)
    const batch = await play(province, now, openBatch, { programmeId: programmes.deduct })
    await play(checker, now, approveBatch, { id: batch.id })
    if (round === 'approval') continue
    await play(province, now, instructBatch, { id: batch.id })
    const csv = await bankFile(play, batch.id, now, round === 'difference' ? 20_00 : 0)
    await play(checker, now, importBankReturn, {
      id: batch.id,
      filename: `回单-${batch.number}.csv`,
      csv,
    })
    if (round === 'peace') await play(checker, now, reconcileBatch, { id: batch.id })
  }
  for (const one of told.filter(({ plan }) => plan.round === 'publicity'))
    await review(play, one, now)
  const open = await play(province, now, openBatch, { programmeId: programmes.refund })
  await play(province, now, publiciseBatch, { id: open.id })
  for (const one of told.filter(({ plan }) => plan.round === null)) await review(play, one, now)
}

/** Takes a submitted claim through the reviews its programme asks for, as far as its fate says. */
async function review(play: Play, { claimId, plan, finance }: Performed, now: Date): Promise<void> {
  if (claimId === null || plan.fate === null) return
  const id = claimId
  if (plan.fate === 'withdrawn') {
    await play(plan.programme === 'refund' ? plan.enterprise : finance, now, withdrawClaim, { id })
    return
  }
  if (plan.programme === 'refund') {
    await play(finance, now, bindClaim, { id })
    if (plan.fate === 'bound') return
    if (plan.fate === 'returned') {
      await play(demoPeople.cityAdministrator, now, reviewClaim, {
        id,
        decision: 'return',
        reason: 'evidence_missing',
        note: '请补充测试报告封面',
      })
      return
    }
    await play(demoPeople.cityAdministrator, now, reviewClaim, { id, decision: 'pass' })
    if (plan.fate === 'city') return
  }
  await play(demoPeople.provinceAdministrator, now, reviewClaim, { id, decision: 'pass' })
}

/** The bank's answer to both payment files; `shortFen` is missing from its last line. */
async function bankFile(play: Play, id: string, now: Date, shortFen: number): Promise<string> {
  const lines: string[] = []
  for (const funder of ['province', 'city'] as const) {
    const { csv } = await play(demoPeople.provinceAdministrator, now, getPaymentFile, {
      id,
      funder,
    })
    lines.push(...csv.replace('\ufeff', '').trim().split(/\r?\n/).slice(1))
  }
  const rows = lines.map((line, i) => {
    const [reference = ''] = line.split(',')
    const amount =
      fenFrom(must(/,(\d+\.\d\d),/.exec(line)?.[1], 'the amount of a payment line')) ?? 0
    const paid = i === lines.length - 1 ? amount - shortFen : amount
    return `${reference},${yuanPlain(paid)},成功,BK${dateOf(addMinutes(now, i)).replaceAll('-', '')}${String(i + 1).padStart(4, '0')}`
  })
  return `\ufeff付款编号,金额(元),状态,银行流水号\r\n${rows.join('\r\n')}\r\n`
}
