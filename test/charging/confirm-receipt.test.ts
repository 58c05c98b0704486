import { confirmReceipt } from '@yiqi/server/charging/confirm-receipt.ts'
import { noteTransfer } from '@yiqi/server/charging/note-transfer.ts'
import { listBills, listTariffs } from '@yiqi/server/charging/queries.ts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { act, confirmed, expectSound, outcome } from '../support/act.ts'
import { type Cast, newCast, START } from '../support/cast.ts'

let cast: Cast
let billId: string
beforeAll(async () => {
  cast = await newCast()
  const booking = await confirmed(cast)
  const [bill] = await cast.sql<{ id: string }[]>`
    insert into bills (number, booking_id, enterprise_id, institution_id, state, amount_fen,
      price, issued_at)
    select 'ZD2611-0001', b.id, b.enterprise_id, b.institution_id, 'issued', 83000, '{}', ${START}
    from bookings b where b.id = ${booking.id} returning id`
  billId = bill?.id ?? ''
})
beforeEach(() => cast.sql`update bills set state = 'issued', paid_fen = 0 where id = ${billId}`)
afterEach(() => expectSound(cast))
afterAll(() => cast.drop())

let n = 0
const receive = (amountFen: number, person = cast.people.finance, reference = `TR-${++n}-2026`) =>
  act(cast.ctx(person), confirmReceipt, {
    id: billId,
    amountFen,
    reference,
    receivedOn: '2026-11-24',
  })
const note = (person = cast.people.xiaojin) =>
  act(cast.ctx(person), noteTransfer, {
    id: billId,
    reference: 'TR20261124',
    transferredOn: '2026-11-24',
  })

describe('a bank transfer', () => {
  it('is noted by the enterprise that owes it, with its event', async () => {
    expect(await note()).toMatchObject({ transferReference: 'TR20261124', state: 'issued' })
    const [event] =
      await cast.sql`select 1 from events where name = 'bill.transfer_noted' and subject_id = ${billId}`
    expect(event).toBeDefined()
    expect(await outcome(note(cast.people.stranger))).toBe('charging.no_such_bill')
    expect(await outcome(note(cast.people.finance))).toBe('identity.role_missing')
  })
})

describe('a receipt', () => {
  it('closes the bill when all has arrived, in one or several parts', async () => {
    expect(await receive(80_000)).toMatchObject({ state: 'partly_paid', paidFen: 80_000 })
    expect(await receive(3_000)).toMatchObject({ state: 'paid', paidFen: 83_000 })
    expect(await outcome(receive(1))).toBe('charging.bill_closed')
    expect(await outcome(note())).toBe('charging.bill_closed')
  })

  it('never exceeds the bill, and is the finance’s of that institution', async () => {
    expect(await outcome(receive(83_001))).toBe('charging.amount_over_bill')
    expect(await outcome(receive(1, cast.people.manager))).toBe('identity.role_missing')
    expect(
      await outcome(
        receive(1, {
          ...cast.people.finance,
          organisationId: cast.people.otherTechnician.organisationId,
        }),
      ),
    ).toBe('charging.no_such_bill')
  })

  it('counts a transfer reference once', async () => {
    await receive(1_000, cast.people.finance, 'TR-SAME-1')
    expect(await outcome(receive(1_000, cast.people.finance, 'TR-SAME-1'))).toBe(
      'charging.receipt_duplicate',
    )
  })

  it('of ten at once for the whole amount, exactly one is taken', async () => {
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => outcome(receive(83_000))))
    expect(outcomes.filter((code) => code === 'done')).toHaveLength(1)
  })
})

it('bills are seen by their two parties, page by page', async () => {
  for (const person of [cast.people.xiaojin, cast.people.finance])
    expect((await listBills(cast.ctx(person), {})).rows.map((bill) => bill.number)).toEqual([
      'ZD2611-0001',
    ])
  expect((await listBills(cast.ctx(cast.people.stranger), {})).rows).toEqual([])
})

it('the tariff with its history is open to everybody', async () => {
  const { rows } = await listTariffs(cast.ctx(null), { instrumentId: cast.instrumentId })
  expect(rows.map((row) => [row.tier, row.utilitiesFenPerHour])).toEqual([
    ['external', 12_000],
    ['internal', 6_000],
  ])
})
