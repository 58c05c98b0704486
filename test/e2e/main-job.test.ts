import { demoPeople } from '@yiqi/server/identity/demo-people.ts'
import type { Booking, Week } from '@yiqi/shared/booking/endpoints.ts'
import type { InstrumentCard } from '@yiqi/shared/catalogue/endpoints.ts'
import type { Bill } from '@yiqi/shared/charging/endpoints.ts'
import { addMinutes, clock, dateOf } from '@yiqi/shared/kernel/time.ts'
import type { Batch } from '@yiqi/shared/redemption/endpoints.ts'
import type { Programme } from '@yiqi/shared/voucher/endpoints.ts'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Api, apiAs } from '../support/api.ts'
import { launchBrowser } from '../support/browser.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { openWindow, type Window } from '../support/windows.ts'

// The whole job in a real browser on the built client: five people in two phone windows and two
// desks.

let server: RunningServer
let browser: Browser
let api: Api
let sme: Window
let technician: Window
let desk: Window
let checker: Window
let instrument: InstrumentCard
let slot: { startsAt: Date; lastCell: Date; endsAt: Date }
let bookingId = ''
const began = performance.now()

beforeAll(async () => {
  server = await startServer()
  browser = await launchBrowser()
  api = await apiAs(server.url, demoPeople.provinceAdministrator)
  sme = await openWindow(browser, server.url, 'phone')
  technician = await openWindow(browser, server.url, 'phone')
  desk = await openWindow(browser, server.url, 'desk')
  checker = await openWindow(browser, server.url, 'desk')
  const found = await api.get<{ rows: InstrumentCard[] }>('/instruments?q=Regulus%208230')
  const first = found.rows[0]
  if (!first) throw new Error('the instrument of the tour is there')
  instrument = first
  slot = await freeSlot(3)
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await server?.stop()
  console.log(`the main job took ${((performance.now() - began) / 1000).toFixed(1)} s`)
})

/** The first run of so many free cells that begins tomorrow or later. */
async function freeSlot(cells: number) {
  const week = await api.get<Week>(`/instruments/${instrument.id}/week?days=14`)
  const all = week.days.slice(1).flatMap((day) => day.cells)
  for (let i = 0; i + cells <= all.length; i++) {
    const run = all.slice(i, i + cells)
    const joined = run.every(
      (cell, n) => cell.state === 'free' && (n === 0 || cell.startsAt === run[n - 1]?.endsAt),
    )
    const [from, to] = [run[0], run.at(-1)]
    if (joined && from && to)
      return {
        startsAt: new Date(from.startsAt),
        lastCell: new Date(to.startsAt),
        endsAt: new Date(to.endsAt),
      }
  }
  throw new Error('the instrument of the tour has a free morning')
}

const hhmm = (at: Date) => clock(at).replace(':', '')
const theBill = async () => (await api2<{ rows: Bill[] }>(`/bills?bookingId=${bookingId}`)).rows[0]
const theBooking = () => api2<Booking>(`/bookings/${bookingId}`)
const api2 = async <T>(path: string) =>
  (await apiAs(server.url, demoPeople.enterpriseMember)).get<T>(path)

it('the engineer finds the instrument by its English abbreviation and sees real free slots', async () => {
  await technician.logInAs(demoPeople.technician)
  await sme.logInAs(demoPeople.enterpriseMember)
  await sme.type('home-search', 'SEM')
  await sme.enter('home-search')
  await sme.on('find-search').waitFor()
  await sme.see('SEM → 扫描电子显微镜')
  await sme.type('find-search', 'Regulus 8230')
  await sme.page.waitForURL('**q=Regulus**')
  await sme.see('共 2 台')
  await sme.tap(`instrument-${instrument.number}`)
  const day = `day-${dateOf(slot.startsAt)}`
  await sme.on('instrument-book').waitFor()
  if (!(await sme.on(day).isVisible())) await sme.tap('week-next')
  await sme.tap(day)
  await sme.tap(`slot-${hhmm(slot.startsAt)}`)
  await sme.tap(`slot-${hhmm(slot.lastCell)}`)
  await sme.see('¥')
  await sme.tap('instrument-book')
})

it('books it with the voucher, having read the notice', async () => {
  await sme.on('request-purpose').waitFor()
  await sme.type('request-purpose', '挤压镁合金断口形貌与能谱')
  await sme.see('年度额度')
  await sme.on('request-programme').getByText('直接抵扣').click()
  await sme.see('创新券抵扣')
  await sme.tap('request-acknowledge')
  await sme.tap('request-submit')
  await sme.see('待机构确认')
  bookingId = new URL(sme.page.url()).searchParams.get('id') ?? ''
  const booking = await theBooking()
  expect(booking.state).toBe('requested')
  expect(booking.startsAt).toBe(slot.startsAt.toISOString())
  expect(booking.voucherFen).toBe(Math.floor((booking.totalFen ?? 0) / 2))
  await sme.tap('booking-view-chat')
  await sme.type('chat-text', '样品 8 mm，需要喷金吗？')
  await sme.tap('chat-text-send')
  await sme.see('样品 8 mm，需要喷金吗？')
})

it('the technician is told without reloading, answers and confirms', async () => {
  const { number } = await theBooking()
  await technician.on(`open-${number}`).waitFor()
  await technician.tap(`open-${number}`)
  await technician.tap('booking-view-chat')
  await technician.see('样品 8 mm，需要喷金吗？')
  await technician.type('chat-text', '导电，不用喷金，烘干即可')
  await technician.tap('chat-text-send')
  await technician.tap('booking-view-facts')
  await technician.tap('booking-confirm-open')
  await technician.tap('confirm-acknowledge')
  await technician.tap('booking-confirm')
  await technician.see('已确认')
  await sme.see('导电，不用喷金，烘干即可')
  await sme.tap('booking-view-facts')
  await sme.see('已确认')
})

it('runs the session on the phone: scan, three segments by one button, hand-over', async () => {
  const { instrument: own } = await theBooking()
  await api.moveClock(addMinutes(slot.startsAt, 2))
  await technician.open('/tabs/scan/index')
  await technician.type('scan-code', own.shortCode)
  await technician.tap('scan-submit')
  await technician.tap('scan-check-in')
  await technician.see('下一段：测试')
  await api.moveClock(addMinutes(slot.startsAt, 12))
  await technician.tap('session-next')
  await technician.see('下一段：后处理')
  await api.moveClock(addMinutes(slot.endsAt, -20))
  await technician.tap('session-next')
  await technician.see('结束')
  await api.moveClock(addMinutes(slot.endsAt, -5))
  await technician.tap('session-next')
  for (const tick of [
    'finish-handed-over',
    'finish-samples-returned',
    'finish-pc-cleared',
    'finish-acknowledge',
  ])
    await technician.tap(tick)
  await technician.tap('session-finish')
  await technician.on('session-effective').waitFor()
})

it('the engineer agrees to the hours and notes the transfer', async () => {
  await sme.see('待确认机时')
  await sme.tap('session-agree-open')
  await sme.tap('session-agree')
  await sme.see('已完成')
  const booking = await theBooking()
  // 158 of 180 minutes were used: the bill is for those, and the voucher pays half of it.
  expect(booking.bill?.amountFen).toBeLessThan((booking.totalFen ?? 0) / 2)
  await sme.tap('bill-pay-open')
  await sme.type('bill-reference', 'TR20261125001')
  await sme.tap('bill-note-transfer')
  await expect.poll(async () => (await theBill())?.transferReference).toBe('TR20261125001')
})

it('the institution’s finance confirms the money and claims the voucher share', async () => {
  const { bill, number } = await theBooking()
  await desk.logInAs(demoPeople.institutionFinance)
  await desk.open('/charging/desk-receipts/index')
  await desk.tap(`receipt-${bill?.number}`)
  await desk.tap('receipt-submit')
  await expect.poll(async () => (await theBooking()).bill?.state).toBe('paid')
  await desk.open('/redemption/open-claim/index')
  await desk.tap(`claim-open-${number}`)
  await desk.tap('claim-submit')
  await desk.see('已提交')
})

it('one administrator batches and pays, the other approves, explains ¥200 and leaves the zero to the first', async () => {
  await desk.logInAs(demoPeople.provinceAdministrator)
  await desk.open('/redemption/desk-reconciliation/index')
  await desk.tap('desk-pass-clean')
  await desk.see('批次')
  await desk.page.getByText('批次', { exact: true }).first().click()
  await desk.tap('batch-open')
  const { rows: programmes } = await api.get<{ rows: Programme[] }>('/programmes')
  await desk.tap(`batch-open-${programmes.find((one) => one.mode === 'deduct')?.code}`)
  const newest = async () => {
    const { rows } = await api.get<{ rows: { id: string }[] }>('/batches?limit=1')
    return api.get<Batch>(`/batches/${rows[0]?.id}`)
  }
  await expect
    .poll(async () => (await newest()).claimRows.some((claim) => claim.bookingId === bookingId))
    .toBe(true)
  await desk.see('编制与批准、批准与拨付不能是同一人')
  const { number } = await newest()
  await checker.logInAs(demoPeople.provinceChecker)
  await showBatch(checker, number)
  await checker.tap('batch-approve')
  await expect.poll(async () => (await newest()).state).toBe('approved')
  await showBatch(desk, number)
  await desk.tap('batch-instruct')
  await expect.poll(async () => (await newest()).state).toBe('instructed')
  const instructed = await newest()
  const short = instructed.payments.find((payment) => payment.instructedFen > 20_000)
  const chooser = desk.page.waitForEvent('filechooser')
  await desk.tap('batch-import')
  await (await chooser).setFiles({
    name: '回单.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(bankReturn(instructed, short?.id ?? '')),
  })
  await expect.poll(async () => (await newest()).differenceFen).toBe(20_000)
  await desk.see('¥200.00')
  await showBatch(checker, number)
  await checker.tap(`explain-${short?.reference}`)
  await checker.type('difference-reason', '银行少付，次日补付')
  await checker.tap('difference-explain')
  await expect.poll(async () => (await newest()).differenceFen).toBe(0)
  await showBatch(desk, number)
  await desk.tap('batch-reconcile')
  await expect.poll(async () => (await newest()).state).toBe('reconciled')
  const settled = await newest()
  expect(settled.ledgerFen).toBe(settled.bankFen)
  expect(settled.claimsFen - settled.ledgerFen).toBe(20_000)
  expect((await api.get<{ sumFen: number }>('/ledger/proof')).sumFen).toBe(0)
})

it('no page broke on the way', () => {
  const windows = [sme, technician, desk, checker]
  expect(windows.flatMap((window) => window.errors)).toEqual([])
})

/** The batch on the desk, fresh from the server: another window changed it. */
async function showBatch(window: Window, number: string): Promise<void> {
  await window.open('/redemption/desk-reconciliation/index')
  await window.page.getByText('批次', { exact: true }).first().click()
  await window.page.getByText(number, { exact: true }).first().click()
  await window.see(`批次 ${number}`)
}

/** What the bank answers to the payment files: all paid, one ¥200 short. */
function bankReturn(batch: Batch, shortId: string): string {
  const rows = batch.payments.map(({ id, reference, instructedFen }, i) => {
    const paid = instructedFen - (id === shortId ? 20_000 : 0)
    return `${reference},${(paid / 100).toFixed(2)},成功,BK2026${String(i).padStart(6, '0')}`
  })
  return `\ufeff付款编号,金额(元),状态,银行流水号\r\n${rows.join('\r\n')}\r\n`
}
