import path from 'node:path'
import { demoPeople } from '@yiqi/server/identity/demo-people.ts'
import { repoRoot } from '@yiqi/server/kernel/config.ts'
import type { Booking, BookingCard, Week } from '@yiqi/shared/booking/endpoints.ts'
import type { InstrumentCard } from '@yiqi/shared/catalogue/endpoints.ts'
import { addMinutes, clock, dateOf } from '@yiqi/shared/kernel/time.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Api, apiAs } from '../support/api.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { startWeapp, type Weapp } from '../support/weapp-host/host.ts'

// The built mini-program against the real server: the enterprise's half of the job, then the
// technician's.

const dist = path.join(repoRoot, 'client', 'dist', 'weapp')
const MAIN_PACKAGE_STACK_MAX = 10

let server: RunningServer
let api: Api
let weapp: Weapp
let instrument: InstrumentCard
let slot: { startsAt: Date; endsAt: Date }
let booking: BookingCard

beforeAll(async () => {
  server = await startServer()
  api = await apiAs(server.url, demoPeople.enterpriseMember)
  const found = await api.get<{ rows: InstrumentCard[] }>('/instruments?q=Regulus%208230')
  const first = found.rows[0]
  if (!first) throw new Error('the instrument of the tour is there')
  instrument = first
  const week = await api.get<Week>(`/instruments/${instrument.id}/week?days=7`)
  const cell = week.days
    .slice(1)
    .flatMap((day) => day.cells)
    .find((one) => one.state === 'free')
  if (!cell) throw new Error('the instrument of the tour has a free hour this week')
  slot = { startsAt: new Date(cell.startsAt), endsAt: new Date(cell.endsAt) }
}, 120_000)
afterAll(() => server?.stop())

async function logInAs(personId: string): Promise<void> {
  weapp = await startWeapp(dist, { serverAt: server.url, functionStub: true })
  weapp.launch('tabs/log-in/index')
  await tap(`demo-${personId}`)
  await weapp.until(() => weapp.stack()[0] === 'tabs/home/index')
}

/** Taps the element with this id as soon as it is there and not switched off. */
async function tap(id: string): Promise<void> {
  const element = await weapp.until(() => {
    const one = weapp.find(`#${id}`)
    return one && !weapp.props(one).ariaDisabled ? one : null
  }, 10_000)
  weapp.tap(element)
}

async function type(id: string, words: string): Promise<void> {
  weapp.input(await weapp.until(() => weapp.find(`#${id}`), 10_000), words)
}

const here = () => weapp.stack().at(-1)
const mine = async () => {
  const { rows } = await api.get<{ rows: BookingCard[] }>('/bookings?view=open&limit=100')
  return rows.find(
    (row) => row.instrument.id === instrument.id && row.startsAt === slot.startsAt.toISOString(),
  )
}

it('the engineer searches by an English abbreviation and opens the instrument', async () => {
  await logInAs(demoPeople.enterpriseMember)
  await type('home-search', 'SEM')
  weapp.fire('#home-search', 'confirm', { value: 'SEM' })
  await weapp.until(() => here() === 'catalogue/find-instrument/index')
  await weapp.untilText('扫描电子显微镜')
  await type('find-search', 'Regulus 8230')
  await tap(`instrument-${instrument.number}`)
  await weapp.until(() => here() === 'catalogue/instrument/index')
})

it('picks a slot, sees the voucher’s share, acknowledges the notice and asks for it', async () => {
  await tap(`day-${dateOf(slot.startsAt)}`)
  await tap(`slot-${clock(slot.startsAt).replace(':', '')}`)
  await tap('instrument-book')
  await weapp.until(() => here() === 'booking/request-booking/index')
  await type('request-purpose', '小程序里预约的断口观察')
  await weapp.until(() => /额度/.test(weapp.text()), 10_000)
  await tap('request-acknowledge')
  await tap('request-submit')
  await weapp.until(() => here() === 'booking/booking/index', 10_000)
  await weapp.untilText('待机构确认')
  const made = await mine()
  if (!made) throw new Error('the booking was made')
  booking = made
  expect(booking.state).toBe('requested')
  expect(booking.voucherFen).toBeGreaterThan(0)
  await tap('booking-view-chat')
  await type('chat-text', '样品已烘干')
  await tap('chat-text-send')
  await weapp.untilText('样品已烘干')
  expect(weapp.errors).toEqual([])
})

it('the technician is told, reads the conversation, answers and confirms', async () => {
  await logInAs(demoPeople.technician)
  await tap(`open-${booking.number}`)
  await weapp.until(() => here() === 'booking/booking/index')
  await tap('booking-view-chat')
  await weapp.untilText('样品已烘干')
  await type('chat-text', '好的，直接送来')
  await tap('chat-text-send')
  await tap('booking-view-facts')
  await tap('booking-confirm-open')
  await tap('confirm-acknowledge')
  await tap('booking-confirm')
  await weapp.untilText('已确认')
})

it('scans the code on the instrument, runs three segments by one button and finishes', async () => {
  await api.moveClock(addMinutes(slot.startsAt, 1))
  weapp.scans.push(`${server.url}/i/${booking.instrument.shortCode}`)
  weapp.launch('tabs/home/index')
  await tap('today-scan')
  await weapp.until(() => here() === 'session/run-session/index', 10_000)
  await api.moveClock(addMinutes(slot.startsAt, 10))
  await tap('session-next')
  await weapp.untilText('下一段：后处理')
  await api.moveClock(addMinutes(slot.endsAt, -15))
  await tap('session-next')
  await weapp.untilText('结束')
  await api.moveClock(addMinutes(slot.endsAt, -5))
  await tap('session-next')
  for (const tick of [
    'finish-handed-over',
    'finish-samples-returned',
    'finish-pc-cleared',
    'finish-acknowledge',
  ])
    await tap(tick)
  await tap('session-finish')
  await weapp.until(() => weapp.find('#session-effective'), 10_000)
  expect((await api.get<Booking>(`/bookings/${booking.id}`)).state).toBe('finished')
})

it('nothing went wrong on the way, and the page stack stayed within WeChat’s limit', () => {
  expect(weapp.errors).toEqual([])
  expect(weapp.stack().length).toBeLessThanOrEqual(MAIN_PACKAGE_STACK_MAX)
  console.log(
    `setData: ${weapp.setData.calls} calls, ${weapp.setData.bytes} bytes, largest ${weapp.setData.max}`,
  )
})
