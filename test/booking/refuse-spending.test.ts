import { refuseSpending } from '@yiqi/server/booking/refuse-spending.ts'
import { quotasOf } from '@yiqi/server/voucher/queries.ts'
import { deliverAll } from '@yiqi/server/worker.ts'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { act, at, expectSound, outcome, requested } from '../support/act.ts'
import { type Cast, newCast, type Person } from '../support/cast.ts'
import { overHttp } from '../support/http.ts'
import { addPerson } from '../support/second-person.ts'
import { inboxOf, limit } from './spending-steps.ts'

let cast: Cast
beforeAll(async () => {
  cast = await newCast()
  await limit(cast, cast.people.xiaojin, { orderFen: 1 })
})
afterEach(() => expectSound(cast))
afterAll(() => cast.drop())

const refuse = (person: Person, id: string) =>
  act(cast.ctx(person), refuseSpending, { id, reason: '本月预算已用完' })
const available = async () => {
  const { xiaojin } = cast.people
  const quotas = await quotasOf(cast.ctx(xiaojin), xiaojin.organisationId)
  return quotas.map((one) => one.availableFen)
}

describe('refusing the spending', () => {
  it('ends the booking with the reason, gives slot and earmark back and tells who asked', async () => {
    const before = await available()
    const { id } = await requested(cast, { from: at(25, 8), to: at(25, 10) })
    expect(await available()).not.toEqual(before)
    const refused = await refuse(cast.people.admin, id)
    expect(refused).toMatchObject({ state: 'cancelled', declineReason: '本月预算已用完' })
    expect(refused.timeline.at(-1)?.name).toBe('booking.spending_refused')
    expect(await available()).toEqual(before)
    await deliverAll(cast.world)
    expect(await inboxOf(cast, cast.people.xiaojin, 'booking.spending_refused')).toBe(1)
    const { stranger } = cast.people
    const next = requested(cast, { person: stranger, from: at(25, 8), to: at(25, 10) })
    expect(await outcome(next)).toBe('done')
  })

  it('is for other administrators of the organisation that pays, while it waits', async () => {
    const { xiaojin, admin, stranger, hao } = cast.people
    const rival = await addPerson(cast, {
      name: '同总',
      organisationId: stranger.organisationId,
      role: 'enterprise-admin',
    })
    const { id } = await requested(cast, { from: at(25, 10), to: at(25, 11) })
    expect(await outcome(refuse(xiaojin, id))).toBe('identity.role_missing')
    expect(await outcome(refuse(hao, id))).toBe('identity.role_missing')
    expect(await outcome(refuse(rival, id))).toBe('booking.no_such_booking')
    await limit(cast, admin, { orderFen: 1 })
    const own = await requested(cast, { person: admin, from: at(25, 11), to: at(25, 12) })
    expect(await outcome(refuse(admin, own.id))).toBe('booking.own_spending')
    expect(await outcome(refuse(admin, id))).toBe('done')
    expect(await outcome(refuse(admin, id))).toBe('booking.wrong_state')
  })

  it('needs a reason in words', async () => {
    const { id } = await requested(cast, { from: at(25, 14), to: at(25, 15) })
    const { ask } = overHttp(cast)
    const path = `/bookings/${id}/spending-refusal`
    const { admin } = cast.people
    expect((await ask(admin, 'PUT', path, { body: { reason: ' ' } })).status).toBe(400)
    expect((await ask(admin, 'PUT', path, { body: { reason: '重复' } })).status).toBe(200)
  })
})
