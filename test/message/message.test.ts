import { declineBooking } from '@yiqi/server/booking/decline-booking.ts'
import type { Ctx } from '@yiqi/server/kernel/ctx.ts'
import { transact } from '@yiqi/server/kernel/ctx.ts'
import { drainEvents } from '@yiqi/server/kernel/events.ts'
import { deliverEvents } from '@yiqi/server/message/deliver-events.ts'
import { markInboxRead } from '@yiqi/server/message/mark-inbox-read.ts'
import { markThreadRead } from '@yiqi/server/message/mark-thread-read.ts'
import { getThread, getUnread, listInbox } from '@yiqi/server/message/queries.ts'
import { sendMessage } from '@yiqi/server/message/send-message.ts'
import { reviewClaim } from '@yiqi/server/redemption/review-claim.ts'
import { messageEndpoints } from '@yiqi/shared/message/endpoints.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { submitted } from '../redemption/steps.ts'
import { countEvents, finished } from '../session/steps.ts'
import { act, at, confirmed, expectSound, outcome, requested } from '../support/act.ts'
import { type Cast, newCast, START } from '../support/cast.ts'

let cast: Cast
beforeEach(async () => {
  cast = await newCast()
})
afterEach(async () => {
  await expectSound(cast)
  await cast.drop()
})

type Name = keyof Cast['people']
const as = (name: Name) => cast.ctx(cast.people[name])
const say = (name: Name, bookingId: string, text: string) =>
  act(as(name), sendMessage, { bookingId, text })
const job = (): Ctx => ({ ...cast.ctx(null), actor: { kind: 'job', name: 'deliver-events' } })

/** What the worker does until nothing waits. */
async function deliver(): Promise<void> {
  while ((await transact(job(), (tx) => drainEvents(tx, deliverEvents))) > 0);
}

const titles = async (name: Name) =>
  (await listInbox(as(name), { limit: 100 })).rows.map((row) => row.title)

describe('the conversation of a booking', () => {
  it('is one thread of messages and events, oldest first', async () => {
    const { id } = await confirmed(cast)
    cast.setNow(at(24, 9, 5))
    const sent = await say('xiaojin', id, '样品需要喷金吗？')
    messageEndpoints.sendMessage.output.parse(sent)
    expect(sent).toMatchObject({
      kind: 'message',
      mine: true,
      author: { name: '小晋', side: 'enterprise' },
    })
    cast.setNow(at(24, 9, 6))
    await say('hao', id, '需要，请提前一天送样。')
    const thread = await getThread(as('xiaojin'), { bookingId: id })
    messageEndpoints.getThread.output.parse(thread)
    expect(thread.rows.map((row) => row.text)).toEqual([
      '保留时段',
      '提交预约',
      '机组已确认',
      '样品需要喷金吗？',
      '需要，请提前一天送样。',
    ])
    expect(thread.rows[2]?.author).toEqual({ name: '郝工', side: 'institution' })
    expect(thread.unread).toBe(1)
    expect(await countEvents(cast, 'message.sent', id)).toBe(2)
  })

  it('counts as read for the person who read it, until somebody else speaks', async () => {
    const { id } = await requested(cast)
    await say('xiaojin', id, '你好')
    const unread = async (name: Name) => (await getThread(as(name), { bookingId: id })).unread
    expect([await unread('xiaojin'), await unread('hao'), await unread('manager')]).toEqual([
      0, 1, 1,
    ])
    expect(await act(as('hao'), markThreadRead, { bookingId: id })).toEqual({ unread: 0 })
    expect([await unread('hao'), await unread('manager')]).toEqual([0, 1])
    cast.setNow(at(24, 10))
    await say('admin', id, '补充一句')
    expect([await unread('hao'), await unread('xiaojin')]).toEqual([1, 1])
  })

  it('does not exist for anybody but its parties', async () => {
    const { id } = await requested(cast)
    const outsiders = [
      'stranger',
      'otherTechnician',
      'province',
      'city',
      'auditor',
      'finance',
    ] as const
    for (const name of outsiders) {
      expect(await outcome(getThread(as(name), { bookingId: id }))).toBe('message.not_a_party')
      expect(await outcome(say(name, id, '你好'))).toBe('message.not_a_party')
      expect(await outcome(act(as(name), markThreadRead, { bookingId: id }))).toBe(
        'message.not_a_party',
      )
    }
    expect(await outcome(say('admin', id, '你好'))).toBe('done')
    expect(await outcome(say('manager', id, '你好'))).toBe('done')
    expect(await outcome(say('hao', cast.instrumentId, '你好'))).toBe('message.not_a_party')
  })
})

describe('the inbox', () => {
  it('tells the other side what happened, never who did it, and nobody twice', async () => {
    const booking = await requested(cast)
    await deliver()
    expect(await titles('hao')).toEqual(['新的预约申请，等待答复'])
    expect(await titles('xiaojin')).toEqual([])
    await act(as('hao'), declineBooking, { id: booking.id, reason: 'other' as const })
    await say('hao', booking.id, '抱歉')
    await say('xiaojin', booking.id, '没关系')
    await deliver()
    await deliver()
    expect(await titles('xiaojin')).toEqual(['收到新消息', '预约被谢绝，已附替代时段'])
    expect(await titles('hao')).toEqual(['收到新消息', '新的预约申请，等待答复'])
    const { rows } = await listInbox(as('xiaojin'), {})
    messageEndpoints.listInbox.output.parse({ rows, nextCursor: null })
    expect(rows[1]).toMatchObject({
      tone: 'bad',
      bookingId: booking.id,
      claimId: null,
      read: false,
      detail: '场发射扫描电子显微镜 · 11月25日 周三 下午 14:00–18:00（4小时）',
    })
  })

  it('is filled once although several workers drain the queue at the same time', async () => {
    await requested(cast, { from: at(25, 8), to: at(25, 9) })
    await requested(cast, { from: at(25, 9), to: at(25, 10) })
    await Promise.all([deliver(), deliver(), deliver()])
    expect(await titles('hao')).toHaveLength(2)
    expect(await cast.sql`select 1 from event_queue`).toHaveLength(0)
  })

  it('is read one by one or all at once, by its owner only', async () => {
    await finished(cast)
    await deliver()
    const { rows } = await listInbox(as('xiaojin'), {})
    expect(rows.map((row) => row.title)).toEqual([
      '服务完成，请核对机时',
      '服务已开始',
      '预约已确认',
    ])
    expect(await getUnread(as('xiaojin'))).toEqual({ unread: 3 })
    const ids = rows.slice(0, 1).map((row) => row.id)
    expect(await act(as('stranger'), markInboxRead, { ids })).toEqual({ unread: 0 })
    expect(await act(as('xiaojin'), markInboxRead, { ids })).toEqual({ unread: 2 })
    const page = await listInbox(as('xiaojin'), { limit: 2 })
    const next = await listInbox(as('xiaojin'), { limit: 2, cursor: page.nextCursor ?? '' })
    expect([...page.rows, ...next.rows].map((row) => row.id)).toEqual(rows.map((row) => row.id))
    expect(await act(as('xiaojin'), markInboxRead, {})).toEqual({ unread: 0 })
    expect(await outcome(getUnread(cast.ctx(null)))).toBe('identity.not_logged_in')
  })

  it('tells a claimant about the claim, and the institution’s finance about what it must bind', async () => {
    const claim = await submitted(cast, 'refund')
    await deliver()
    const entry = (await listInbox(as('finance'), {})).rows[0]
    expect(entry).toMatchObject({ title: '有兑付申请待确认', claimId: claim.id })
    expect(entry?.detail.startsWith(claim.number)).toBe(true)
    cast.setNow(START)
    const deducted = await submitted(cast, 'deduct', { from: at(26, 8), to: at(26, 9) })
    await act(as('province'), reviewClaim, { id: deducted.id, decision: 'return', reason: 'other' })
    await deliver()
    expect((await titles('finance'))[0]).toBe('兑付申请被退回，请补正')
    expect(await titles('xiaojin')).not.toContain('兑付申请被退回，请补正')
  })
})
