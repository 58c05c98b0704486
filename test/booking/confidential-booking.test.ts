import { getBooking } from '@yiqi/server/booking/queries.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { at, outcome, requested } from '../support/act.ts'
import { type Cast, newCast } from '../support/cast.ts'

let cast: Cast
let id: string
beforeAll(async () => {
  cast = await newCast()
  id = (await requested(cast, { from: at(25, 8), to: at(25, 10) })).id
  await cast.sql`update bookings set confidentiality = 'confidential', sample_names = '{S-01}' where id = ${id}`
})
afterAll(() => cast.drop())

const seenBy = (person: Cast['people']['hao']) => getBooking(cast.ctx(person), { id })

it('the technician of the instrument and the enterprise see who and what', async () => {
  for (const person of [cast.people.hao, cast.people.xiaojin, cast.people.admin])
    expect(await seenBy(person)).toMatchObject({
      enterprise: { name: '示例新材料有限公司' },
      purpose: '断口形貌',
      sampleNames: ['S-01'],
    })
})

it('other staff of the institution see neither the name of the firm nor its purpose', async () => {
  expect(await seenBy(cast.people.manager)).toMatchObject({
    enterprise: { name: '某企业（保密）' },
    purpose: null,
    sampleNames: [],
  })
})

it('nobody else sees that it exists, and phones are masked for all', async () => {
  for (const person of [
    cast.people.stranger,
    cast.people.otherTechnician,
    cast.people.province,
    cast.people.auditor,
  ])
    expect(await outcome(seenBy(person))).toBe('booking.no_such_booking')
  expect((await seenBy(cast.people.hao)).requester.phone).toBe('139****0001')
})
