import { confirmBooking } from '@yiqi/server/booking/confirm-booking.ts'
import { getBooking } from '@yiqi/server/booking/queries.ts'
import { listBeneficiaries } from '@yiqi/server/booking/queries-beneficiaries.ts'
import { requestBooking } from '@yiqi/server/booking/request-booking.ts'
import { deliverAll } from '@yiqi/server/worker.ts'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { act, at, expectSound, outcome } from '../support/act.ts'
import { type Cast, newCast, type Person } from '../support/cast.ts'
import { addPerson } from '../support/second-person.ts'
import { held, inboxOf, limit } from './spending-steps.ts'

let cast: Cast
let colleague: Person
beforeAll(async () => {
  cast = await newCast()
  const { organisationId } = cast.people.xiaojin
  colleague = await addPerson(cast, { name: '小新', organisationId, role: 'enterprise-member' })
})
afterEach(() => expectSound(cast))
afterAll(() => cast.drop())

const slotOf = (day: number, hour: number) => ({
  startsAt: at(day, hour),
  endsAt: at(day, hour + 1),
})

describe('booking for a colleague', () => {
  it('names them on booking and agreement, and tells both what comes of it', async () => {
    const { xiaojin, hao } = cast.people
    const { ctx, id, input } = await held(cast, xiaojin, slotOf(25, 8))
    await act(ctx, requestBooking, { ...input, beneficiaryId: colleague.userId })
    const booking = await getBooking(ctx, { id })
    expect(booking.bookedBy).toEqual({ name: '小晋', beneficiary: '小新' })
    const words = booking.agreement?.matters.map((one) => one.text).join() ?? ''
    expect(words).toContain('（使用人：小新）')
    expect((await getBooking(cast.ctx(colleague), { id })).id).toBe(id)
    const noticeId = booking.agreement?.noticeId ?? null
    await act(cast.ctx(hao), confirmBooking, { id, noticeId })
    await deliverAll(cast.world)
    for (const person of [xiaojin, colleague])
      expect(await inboxOf(cast, person, 'booking.confirmed')).toBe(1)
  })

  it('of another organisation, without a role that books, or of nobody is refused', async () => {
    const { xiaojin, stranger, hao } = cast.people
    const { organisationId } = xiaojin
    const auditor = await addPerson(cast, { name: '人事', organisationId, role: 'hr' })
    const gone = await addPerson(cast, { name: '离职', organisationId, role: 'enterprise-member' })
    await cast.sql`update users set closed_at = now() where id = ${gone.userId}`
    const { ctx, input } = await held(cast, xiaojin, slotOf(25, 9))
    const nobody = '00000000-0000-7000-8000-000000000000'
    for (const beneficiaryId of [stranger.userId, hao.userId, auditor.userId, gone.userId, nobody])
      expect(await outcome(act(ctx, requestBooking, { ...input, beneficiaryId }))).toBe(
        'booking.no_such_beneficiary',
      )
    expect(await outcome(act(ctx, requestBooking, input))).toBe('done')
  })

  it('who is oneself names nobody', async () => {
    const { xiaojin } = cast.people
    const { ctx, id, input } = await held(cast, xiaojin, slotOf(25, 10))
    await act(ctx, requestBooking, { ...input, beneficiaryId: xiaojin.userId })
    expect((await getBooking(ctx, { id })).bookedBy).toEqual({ name: '小晋', beneficiary: null })
  })

  it('spends the limit of who books, not of the colleague', async () => {
    const { xiaojin } = cast.people
    await limit(cast, colleague, { orderFen: 1 })
    const mine = await held(cast, xiaojin, slotOf(25, 11))
    const forThem = { ...mine.input, beneficiaryId: colleague.userId }
    expect((await act(mine.ctx, requestBooking, forThem)).state).toBe('requested')
    const theirs = await held(cast, colleague, slotOf(25, 14))
    const forMe = { ...theirs.input, beneficiaryId: xiaojin.userId }
    expect((await act(theirs.ctx, requestBooking, forMe)).state).toBe('awaiting_approval')
  })

  it('a hold of a colleague’s is requested on the limit of who requests it', async () => {
    const { admin } = cast.people
    const { id, input } = await held(cast, colleague, slotOf(25, 15))
    await act(cast.ctx(admin), requestBooking, input)
    const booking = await getBooking(cast.ctx(admin), { id })
    expect(booking).toMatchObject({ state: 'requested', bookedBy: { name: '晋总' } })
  })
})

describe('the colleagues to choose from', () => {
  it('are the others of one’s own organisation who book, by pages, with names only', async () => {
    const names: string[] = []
    let cursor: string | undefined
    do {
      const page = await listBeneficiaries(cast.ctx(cast.people.xiaojin), { limit: 1, cursor })
      for (const row of page.rows) expect(Object.keys(row).sort()).toEqual(['id', 'name'])
      names.push(...page.rows.map((row) => row.name))
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
    expect(names.sort()).toEqual(['小新', '晋总'].sort())
  })

  it('are nobody’s who does not book', async () => {
    for (const person of [null, cast.people.hao, cast.people.province])
      expect(await outcome(listBeneficiaries(cast.ctx(person), {}))).toMatch(
        /^identity\.(role_missing|not_logged_in)$/,
      )
  })
})
