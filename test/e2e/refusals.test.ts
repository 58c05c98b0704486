import { demoPeople } from '@yiqi/server/identity/demo-people.ts'
import type { Booking, Quote, Week, WeekCell } from '@yiqi/shared/booking/endpoints.ts'
import type { InstrumentCard } from '@yiqi/shared/catalogue/endpoints.ts'
import type { Me } from '@yiqi/shared/identity/endpoints-log-in.ts'
import { clock, dateOf } from '@yiqi/shared/kernel/time.ts'
import type { Notice } from '@yiqi/shared/notice/endpoints.ts'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Api, apiAs, apiByPhone } from '../support/api.ts'
import { launchBrowser } from '../support/browser.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { openWindow, type Window } from '../support/windows.ts'

// What the product says no to, as a person sees it: in words, with a next step, and with nothing
// lost.

/** Two colleagues of an enterprise that has no quota yet, and a stranger; all by their phones. */
const COLLEAGUE = '13900003952'
const OTHER_COLLEAGUE = '13900000883'
const STRANGER = '13900005478'

let server: RunningServer
let browser: Browser
let phone: Window
let other: Api
let instrument: InstrumentCard

beforeAll(async () => {
  server = await startServer()
  browser = await launchBrowser()
  phone = await openWindow(browser, server.url, 'phone')
  other = await apiByPhone(server.url, OTHER_COLLEAGUE, server.output)
  const found = await other.get<{ rows: InstrumentCard[] }>('/instruments?q=Regulus%208230')
  const first = found.rows[0]
  if (!first) throw new Error('the instrument of the tour is there')
  instrument = first
  await phone.logInByPhone(COLLEAGUE, server.output)
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

/** The n-th free hour from tomorrow on, as things are now; every second one, for the buffer. */
async function freeCell(n: number): Promise<WeekCell> {
  const week = await other.get<Week>(`/instruments/${instrument.id}/week?days=7`)
  const days = week.days.slice(1).map((day) => day.cells.filter((cell) => cell.state === 'free'))
  const cell = days.flatMap((cells) => cells.filter((_, i) => i % 2 === 0))[n]
  if (!cell) throw new Error('the week has enough free hours')
  return cell
}

const held = async () => {
  const { rows } = await other.get<{ rows: Booking[] }>('/bookings?view=open')
  return rows.filter((row) => row.state === 'held').length
}

async function choose(cell: WeekCell): Promise<void> {
  await phone.open(`/catalogue/instrument/index?id=${instrument.id}`)
  await phone.on('instrument-book').waitFor()
  await phone.tap(`day-${dateOf(new Date(cell.startsAt))}`)
  const booking = phone.on('instrument-book')
  // A tap that fell into a re-render is made again, as a person would.
  for (let tries = 0; tries < 3; tries++) {
    await phone.tap(`slot-${clock(new Date(cell.startsAt)).replace(':', '')}`)
    const open = () => booking.getAttribute('aria-disabled').then((off) => off !== 'true')
    for (let waited = 0; waited < 30; waited++) {
      if (await open()) return
      await phone.page.waitForTimeout(100)
    }
  }
}

it('a slot that somebody just took: the form stays, and three others are one tap away', async () => {
  const cell = await freeCell(0)
  await choose(cell)
  await other.send('POST', '/bookings', {
    instrumentId: instrument.id,
    startsAt: cell.startsAt,
    endsAt: cell.endsAt,
  })
  await phone.tap('instrument-book')
  await phone.see('该时段刚被预约')
  await expect.poll(() => phone.page.locator('[id^="nearest-"]:visible').count()).toBe(3)
  await phone.tap('nearest-0')
  await phone.see('为你保留')
  // The other colleague's hold and this one: only now is what is free settled for the next promise.
  await expect.poll(held).toBe(2)
})

it('an unread notice: the button says what is missing, and nothing is asked for', async () => {
  await choose(await freeCell(0))
  await phone.tap('instrument-book')
  await phone.type('request-purpose', '膜厚测量')
  await phone.see('请先阅读并确认')
  expect(await phone.on('request-submit').getAttribute('aria-disabled')).toBe('true')
  await phone.tap('request-acknowledge')
  await expect.poll(() => phone.on('request-submit').getAttribute('aria-disabled')).not.toBe('true')
})

it('a quota that a colleague used up meanwhile: said in words, and no money moved', async () => {
  const province = await apiAs(server.url, demoPeople.provinceAdministrator)
  const { rows } = await province.get<{ rows: { id: string; mode: string }[] }>('/programmes')
  const programmeId = rows.find((one) => one.mode === 'deduct')?.id
  const { membership } = await other.get<Me>('/me')
  const enterpriseId = membership?.organisation.id
  const checker = await apiAs(server.url, demoPeople.provinceChecker)
  const proposal = await province.send<{ id: string }>('POST', '/quota-issues', {
    programmeId,
    enterpriseId,
    amountFen: 10_000,
    reason: '年度额度',
  })
  await checker.send('PUT', `/quota-issues/${proposal.id}/issue`, {})
  await choose(await freeCell(0))
  await phone.tap('instrument-book')
  await phone.type('request-purpose', '膜厚测量')
  await phone.see('¥100.00')
  await phone.tap('request-acknowledge')
  await useUp(programmeId ?? '', await freeCell(1))
  await phone.tap('request-submit')
  await phone.see('额度不足')
  const open = await other.get<{ rows: Booking[] }>('/bookings?view=open')
  expect(open.rows.filter((row) => row.state === 'requested')).toHaveLength(1)
})

it('somebody else’s booking is not there', async () => {
  const { rows } = await other.get<{ rows: Booking[] }>('/bookings?view=open')
  const stranger = await openWindow(browser, server.url, 'phone')
  await stranger.logInByPhone(STRANGER, server.output)
  await stranger.open(`/booking/booking/index?id=${rows[0]?.id}`)
  await stranger.see('没有找到这个预约')
  expect(stranger.errors).toEqual([])
})

it('no page broke on the way', () => {
  expect(phone.errors).toEqual([])
})

/** The other colleague books with the whole quota. */
async function useUp(programmeId: string, cell: WeekCell): Promise<void> {
  const slot = { instrumentId: instrument.id, startsAt: cell.startsAt, endsAt: cell.endsAt }
  const { id } = await other.send<Booking>('POST', '/bookings', slot)
  const quote = await other.get<Quote>(
    `/quotes?${new URLSearchParams(slot)}&samples=1&serviceMode=entrusted`,
  )
  const notice = await other.get<Notice>('/notices/entrusted')
  await other.send('PUT', `/bookings/${id}/request`, {
    serviceMode: 'entrusted',
    samples: 1,
    purpose: '外延片膜厚',
    serviceDirection: '136',
    confidentiality: 'normal',
    noticeId: notice.id,
    programmeId,
    expected: { totalFen: quote.price.totalFen, voucherFen: 10_000 },
  })
}
