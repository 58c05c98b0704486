import { refusalOf } from '@yiqi/server/kernel/constraints.ts'
import { approveBatch } from '@yiqi/server/redemption/approve-batch.ts'
import { explainDifference } from '@yiqi/server/redemption/explain-difference.ts'
import { instructBatch } from '@yiqi/server/redemption/instruct-batch.ts'
import { openBatch } from '@yiqi/server/redemption/open-batch.ts'
import { publiciseBatch } from '@yiqi/server/redemption/publicise-batch.ts'
import { getClaim } from '@yiqi/server/redemption/queries.ts'
import { getBatch, listBatches } from '@yiqi/server/redemption/queries-batches.ts'
import { getPaymentFile } from '@yiqi/server/redemption/queries-payments.ts'
import { reconcileBatch } from '@yiqi/server/redemption/reconcile-batch.ts'
import { quotasOf } from '@yiqi/server/voucher/queries.ts'
import { DAY_MS } from '@yiqi/shared/kernel/time.ts'
import { Batch, redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { countEvents } from '../session/steps.ts'
import { act, at, expectSound, outcome } from '../support/act.ts'
import { type Cast, newCast, type Person, START } from '../support/cast.ts'
import { secondOfProvince } from '../support/second-person.ts'
import { accountOf, balance, bankFile, imported, instructed, reviewed, submitted } from './steps.ts'

let cast: Cast
let checker: Person
beforeEach(async () => {
  cast = await newCast()
  checker = await secondOfProvince(cast)
})
afterEach(async () => {
  await expectSound(cast)
  await cast.drop()
})

type Name = keyof Cast['people']
const as = (name: Name) => cast.ctx(cast.people[name])
const open = (mode: 'deduct' | 'refund') =>
  act(as('province'), openBatch, { programmeId: cast.programmes[mode] })
const approve = (id: string) => act(cast.ctx(checker), approveBatch, { id })
const explain = (id: string, reason = '收款账号有误，银行退回部分') =>
  outcome(act(as('province'), explainDifference, { id, reason }))
const reconcile = (id: string) => outcome(act(cast.ctx(checker), reconcileBatch, { id }))
const lab = () => `payable:${cast.people.finance.organisationId}`
const good = (batch: Batch) =>
  batch.payments.map(({ reference, instructedFen }) => ({ reference, fen: instructedFen }))
const paymentBy = (batch: Batch, funder: 'province' | 'city') => {
  const payment = batch.payments.find((one) => one.funder === funder)
  if (!payment) throw new Error(`no payment of ${funder}`)
  return payment
}

describe('a batch', () => {
  it('gathers what is fully reviewed, once, also when two open it at the same time', async () => {
    const ready = await reviewed(cast, 'deduct', { from: at(25, 8), to: at(25, 9) })
    cast.setNow(START)
    await submitted(cast, 'deduct', { from: at(25, 10), to: at(25, 11) })
    const both = await Promise.all([outcome(open('deduct')), outcome(open('deduct'))])
    expect(both.sort()).toEqual(['done', 'redemption.batch_empty'])
    const { rows } = await listBatches(as('auditor'), {})
    expect(rows).toMatchObject([{ state: 'open', claims: 1, claimsFen: 23000, bankFen: null }])
    const batch = await getBatch(as('province'), { id: rows[0]?.id ?? '' })
    expect(Batch.parse(batch)).toMatchObject({
      claimRows: [{ id: ready.id }],
      actions: [],
      obstacles: [{ action: 'approve', code: 'redemption.own_batch' }],
      payments: [],
    })
    expect(await outcome(open('refund'))).toBe('redemption.batch_empty')
  })

  it('is the province’s alone; the auditor reads', async () => {
    await reviewed(cast, 'deduct')
    const { id } = await open('deduct')
    const verbs = [publiciseBatch, approveBatch, instructBatch, reconcileBatch]
    for (const verb of verbs) {
      for (const name of ['city', 'auditor', 'finance'] as const)
        expect(await outcome(act(as(name), verb, { id }))).toBe('identity.role_missing')
      expect(await outcome(act(as('province'), verb, { id: cast.instrumentId }))).toBe(
        'redemption.no_such_batch',
      )
    }
    expect(await outcome(getBatch(as('city'), { id }))).toBe('identity.role_missing')
    expect((await getBatch(as('auditor'), { id })).actions).toEqual([])
  })

  it('with publicity waits until its last public day is over; approval posts the earmarks', async () => {
    const claim = await reviewed(cast, 'refund')
    const { id } = await open('refund')
    const approved = () => outcome(approve(id))
    expect(await approved()).toBe('redemption.in_publicity')
    const shown = await act(as('province'), publiciseBatch, { id })
    expect(shown).toMatchObject({ state: 'publicised', publicUntil: '2026-11-30', actions: [] })
    expect(await outcome(act(as('province'), publiciseBatch, { id }))).toBe(
      'redemption.batch_wrong_state',
    )
    cast.setNow(new Date(at(25, 18).getTime() + 5 * DAY_MS))
    expect(await approved()).toBe('redemption.in_publicity')
    cast.setNow(new Date(at(26, 0).getTime() + 5 * DAY_MS))
    const quota = async () =>
      (await quotasOf(as('xiaojin'), cast.people.xiaojin.organisationId)).find(
        (one) => one.programmeId === cast.programmes.refund,
      )
    expect(await quota()).toMatchObject({ redeemedFen: 0, earmarkedFen: 83000 })
    expect((await Promise.all([approved(), approved()])).sort()).toEqual([
      'done',
      'redemption.batch_wrong_state',
    ])
    expect(await quota()).toMatchObject({ redeemedFen: 83000, earmarkedFen: 0 })
    expect(await balance(cast, `payable:${cast.people.xiaojin.organisationId}`)).toBe(83000)
    expect(await getClaim(as('xiaojin'), { id: claim.id })).toMatchObject({
      state: 'approved',
      light: 'green',
    })
    expect(await countEvents(cast, 'claim.approved')).toBe(1)
  })

  it('instructed ten times at once pays every claim once, the odd fen by the city', async () => {
    await reviewed(cast, 'deduct', { from: at(25, 8), to: at(25, 9), minutes: 60 })
    await cast.sql`update programmes set province_permille = 333`
    const { id } = await open('deduct')
    await approve(id)
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () => outcome(act(as('province'), instructBatch, { id }))),
    )
    expect(outcomes.filter((code) => code === 'done')).toHaveLength(1)
    expect(outcomes.filter((code) => code === 'redemption.batch_wrong_state')).toHaveLength(9)
    const batch = await getBatch(as('province'), { id })
    expect(Batch.parse(batch)).toMatchObject({
      state: 'instructed',
      ledgerFen: 23000,
      actions: ['importReturn'],
    })
    expect(
      batch.payments.map((one) => [one.reference.slice(-2), one.cityCode, one.instructedFen]),
    ).toEqual([
      ['-C', '140100', 15341],
      ['-P', null, 7659],
    ])
    expect(await balance(cast, lab())).toBe(0)
    expect(await balance(cast, 'paid:province')).toBe(7659)
    expect(await balance(cast, 'paid:city:140100')).toBe(15341)
    expect(await countEvents(cast, 'claim.paid')).toBe(1)
  })

  it('writes one payment file per funder, and nothing in it runs in a spreadsheet', async () => {
    await reviewed(cast, 'deduct')
    const early = await open('deduct')
    expect(await outcome(getPaymentFile(as('province'), { id: early.id, funder: 'city' }))).toBe(
      'redemption.batch_wrong_state',
    )
    await approve(early.id)
    await act(as('province'), instructBatch, { id: early.id })
    const account = { bankName: '=HYPERLINK("http://x")', account: '140000000001' }
    await accountOf(cast, cast.people.finance, cast.people.manager, account)
    const file = await getPaymentFile(as('province'), { id: early.id, funder: 'province' })
    redemptionEndpoints.getPaymentFile.output.parse(file)
    expect(file.csv.charCodeAt(0)).toBe(0xfeff)
    const [header, ...rows] = file.csv.slice(1).trimEnd().split('\r\n')
    expect(header).toBe('付款编号,付款方,收款户名,收款账号,开户行,金额(元),用途')
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatch(
      /^FK2611-\d{4}-P,省级创新券资金,示例大学,140000000001,"'=HYPERLINK.*,415\.00,创新券兑付 DF2611-\d{4}$/,
    )
    expect(await outcome(getPaymentFile(as('finance'), { id: early.id, funder: 'city' }))).toBe(
      'identity.role_missing',
    )
  })

  it('concurrent batches of many claims with the same payees never deadlock', async () => {
    for (const [i, mode] of (['deduct', 'refund', 'deduct', 'refund'] as const).entries()) {
      cast.setNow(START)
      await reviewed(cast, mode, { from: at(25, 8 + i), to: at(25, 9 + i) })
    }
    await cast.sql`update programmes set publicity_days = 0`
    const batches = await Promise.all([open('deduct'), open('refund')])
    const run = async (id: string) => {
      await approve(id)
      return act(as('province'), instructBatch, { id })
    }
    const done = await Promise.all(batches.map((batch) => run(batch.id)))
    expect(done.map((batch) => batch.ledgerFen)).toEqual([46000, 46000])
  })
})

describe('the bank’s return', () => {
  it('¥200 short is explained by a transfer and reconciled: ledger, claims and bank agree', async () => {
    await reviewed(cast, 'deduct')
    const batch = await instructed(cast, 'deduct')
    expect(await reconcile(batch.id)).toBe('redemption.batch_wrong_state')
    const { id, reference } = paymentBy(batch, 'province')
    const lines = good(batch).map((line) =>
      line.reference === reference ? { ...line, fen: line.fen - 20000, status: '部分成功' } : line,
    )
    const returned = await imported(cast, batch, bankFile(lines))
    expect(returned).toMatchObject({
      state: 'returned',
      claimsFen: 83000,
      ledgerFen: 83000,
      bankFen: 63000,
      differenceFen: 20000,
    })
    expect(paymentBy(returned, 'province')).toMatchObject({
      returnedFen: 21500,
      differenceFen: 20000,
      returnStatus: '部分成功',
    })
    expect(await reconcile(batch.id)).toBe('redemption.not_zero')
    const untouched = paymentBy(returned, 'city').id
    expect(await explain(untouched)).toBe('redemption.nothing_to_explain')
    const explained10 = await Promise.all(Array.from({ length: 10 }, () => explain(id)))
    expect(explained10.filter((code) => code === 'done')).toHaveLength(1)
    expect(explained10.filter((code) => code === 'redemption.nothing_to_explain')).toHaveLength(9)
    const explained = await getBatch(as('province'), { id: batch.id })
    expect(explained).toMatchObject({
      ledgerFen: 63000,
      bankFen: 63000,
      claimsFen: 83000,
      differenceFen: 0,
    })
    expect(paymentBy(explained, 'province')).toMatchObject({
      instructedFen: 41500,
      explainedFen: 20000,
      differenceFen: 0,
      explanation: '收款账号有误，银行退回部分',
    })
    expect(await balance(cast, lab())).toBe(20000)
    expect(await balance(cast, 'paid:province')).toBe(21500)
    expect(await reconcile(batch.id)).toBe('done')
    expect(await reconcile(batch.id)).toBe('redemption.batch_wrong_state')
    const closed = await getBatch(as('auditor'), { id: batch.id })
    expect(Batch.parse(closed)).toMatchObject({
      state: 'reconciled',
      claimRows: [{ state: 'reconciled' }],
    })
    expect(await countEvents(cast, 'claim.reconciled')).toBe(1)
    expect(await countEvents(cast, 'payment.difference_explained')).toBe(1)
  })

  it('with one bad row changes nothing, and names the row', async () => {
    await reviewed(cast, 'deduct')
    const batch = await instructed(cast, 'deduct')
    const [first] = good(batch)
    if (!first) throw new Error('no payment')
    const refused = async (csv: string) => {
      const error: unknown = await imported(cast, batch, csv).catch((e) => e)
      const refusal = refusalOf(error)
      return [refusal?.code, refusal?.issues[0]?.path]
    }
    const file = bankFile(good(batch))
    const malformed = 'redemption.file_malformed'
    expect(await refused(`${file}FK2611-9999-P,1.00,成功,YH9\r\n`)).toEqual([
      'redemption.line_unknown',
      'row 4',
    ])
    expect(await refused(file.replace('415.00', '四百'))).toEqual([malformed, 'row 2'])
    expect(await refused(file.replace('415.00', '-415.00'))).toEqual([malformed, 'row 2'])
    expect(await refused(file.replace('415.00', '415.001'))).toEqual([malformed, 'row 2'])
    expect(await refused(file.replace('付款编号', '编号'))).toEqual([malformed, 'row 1'])
    expect(await refused(`${file}${first.reference},415.00,成功\r\n`)).toEqual([malformed, 'row 4'])
    expect(await refused(bankFile([first, first]))).toEqual([malformed, 'row 3'])
    expect(await refused(file.split('\r\n')[0] ?? '')).toEqual([malformed, 'row 2'])
    expect(await refused(`${file}"没有合上`)).toEqual([malformed, ''])
    expect(await getBatch(as('province'), { id: batch.id })).toMatchObject({
      state: 'instructed',
      bankFen: null,
    })
    expect(await cast.sql`select 1 from bank_returns`).toHaveLength(0)
    await imported(cast, batch, file)
    expect(await refused(file)).toEqual([malformed, 'row 2'])
  })

  it('may come in two files; what the bank rejected counts as not arrived until then', async () => {
    await reviewed(cast, 'deduct')
    const batch = await instructed(cast, 'deduct')
    const { id, reference } = paymentBy(batch, 'city')
    const failed = good(batch).map((line) =>
      line.reference === reference ? { ...line, status: '失败' } : line,
    )
    const first = await imported(cast, batch, bankFile(failed))
    expect(paymentBy(first, 'city')).toMatchObject({ returnedFen: 0, differenceFen: 41500 })
    expect(await explain(id)).toBe('done')
    expect(await balance(cast, lab())).toBe(41500)
    const second = await imported(
      cast,
      batch,
      bankFile([{ reference, fen: 41500, bank: '补付001' }]),
    )
    expect(paymentBy(second, 'city')).toMatchObject({
      returnedFen: 41500,
      explainedFen: 41500,
      differenceFen: -41500,
    })
    expect(await reconcile(batch.id)).toBe('redemption.not_zero')
    expect(await explain(id, '更正账号后补付成功')).toBe('done')
    expect(await balance(cast, lab())).toBe(0)
    expect(await getBatch(as('province'), { id: batch.id })).toMatchObject({
      ledgerFen: 83000,
      bankFen: 83000,
      differenceFen: 0,
    })
    expect(await reconcile(batch.id)).toBe('done')
  })

  it('above what was instructed is explained against the funder’s treasury, never against other claims', async () => {
    await reviewed(cast, 'deduct')
    const batch = await instructed(cast, 'deduct')
    const { id, reference } = paymentBy(batch, 'province')
    const lines = good(batch).map((line) =>
      line.reference === reference ? { ...line, fen: line.fen + 100 } : line,
    )
    const returned = await imported(cast, batch, bankFile(lines))
    expect(returned).toMatchObject({ differenceFen: -100 })
    const before = await balance(cast, 'treasury:province')
    expect(await explain(id, '银行多付一元，待追回')).toBe('done')
    expect(await balance(cast, 'treasury:province')).toBe(before - 100)
    expect(await getBatch(as('province'), { id: batch.id })).toMatchObject({
      ledgerFen: 83100,
      bankFen: 83100,
      differenceFen: 0,
    })
    expect(await reconcile(batch.id)).toBe('done')
  })

  it('that is silent about a payment keeps the batch open', async () => {
    await reviewed(cast, 'deduct')
    const batch = await instructed(cast, 'deduct')
    const returned = await imported(cast, batch, bankFile(good(batch).slice(0, 1)))
    expect(returned).toMatchObject({ bankFen: 41500, differenceFen: 41500 })
    expect(await reconcile(batch.id)).toBe('redemption.not_zero')
    const silent = returned.payments.find((one) => one.returnedFen === null)
    expect(await explain(silent?.id ?? '')).toBe('redemption.nothing_to_explain')
  })

  it('of a refund batch pays the enterprise', async () => {
    await reviewed(cast, 'refund')
    const batch = await instructed(cast, 'refund')
    expect(paymentBy(batch, 'province')).toMatchObject({
      payeeName: '示例新材料有限公司',
      instructedFen: 41500,
    })
    await imported(cast, batch, bankFile(good(batch)))
    expect(await reconcile(batch.id)).toBe('done')
    expect(await balance(cast, `payable:${cast.people.xiaojin.organisationId}`)).toBe(0)
  })
})
