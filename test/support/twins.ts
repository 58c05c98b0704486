import { declareOutage } from '@yiqi/server/booking/declare-outage.ts'
import { holdSlot } from '@yiqi/server/booking/hold-slot.ts'
import { inviteMember } from '@yiqi/server/identity/invite-member.ts'
import { proposeBankAccount } from '@yiqi/server/identity/propose-bank-account.ts'
import { sendMessage } from '@yiqi/server/message/send-message.ts'
import { openClaim } from '@yiqi/server/redemption/open-claim.ts'
import { submitClaim } from '@yiqi/server/redemption/submit-claim.ts'
import { type Role, roles } from '@yiqi/shared/identity/terms.ts'
import { finished, paid, running } from '../session/steps.ts'
import { act, at, confirmed, requested, slotInput } from './act.ts'
import { type Cast, newCast, type Person, START, seedInstrument } from './cast.ts'
import { addPerson } from './second-person.ts'

// Two houses that have nothing to do with each other, each an enterprise and a laboratory with the
// same people and the same things: what one of them may see of the other is nothing.

export type House = {
  /** One person of every role. */
  people: Record<Role, Person>
  /** A second person of the enterprise, and one of the laboratory. */
  colleagues: { enterprise: Person; lab: Person }
  enterpriseId: string
  labId: string
  instrumentId: string
}

export type Twins = { cast: Cast; own: House; other: House }

/** The roles that belong to a house; the others are of the province or a city. */
export const houseRoles = [
  'enterprise-member',
  'enterprise-admin',
  'technician',
  'institution-manager',
  'institution-finance',
  'unit-member',
  'unit-admin',
] as const satisfies readonly Role[]

const labRoles: readonly Role[] = ['technician', 'institution-manager', 'institution-finance']

export async function newTwins(): Promise<Twins> {
  const cast = await newCast()
  const { people } = cast
  const otherInstrument = await seedInstrument(cast.sql, {
    institutionId: people.otherTechnician.organisationId,
    innerId: '003',
    code: 'SEM003',
  })
  const own = await house(cast, {
    enterpriseId: people.xiaojin.organisationId,
    labId: people.hao.organisationId,
    instrumentId: cast.instrumentId,
  })
  const other = await house(cast, {
    enterpriseId: people.stranger.organisationId,
    labId: people.otherTechnician.organisationId,
    instrumentId: otherInstrument,
  })
  await cast.sql`
    update organisations set department_kind = 'province-office'
    where id = ${people.province.organisationId}`
  await cast.sql`
    update organisations set city_code = '140200', city = '大同市' where id = ${other.enterpriseId}`
  await live(cast, own)
  cast.setNow(START)
  await live(cast, other)
  cast.setNow(START)
  return { cast, own, other }
}

type Places = Pick<House, 'enterpriseId' | 'labId' | 'instrumentId'>

async function house(cast: Cast, places: Places): Promise<House> {
  const entries: [Role, Person][] = []
  for (const role of roles) entries.push([role, await personOf(cast, role, places)])
  const people = Object.fromEntries(entries) as Record<Role, Person> // every role was asked for
  await cast.sql`
    insert into instrument_technicians (instrument_id, user_id)
    values (${places.instrumentId}, ${people.technician.userId})`
  const add = (name: string, organisationId: string, role: Role) =>
    addPerson(cast, { name, organisationId, role })
  const colleagues = {
    enterprise: await add('企业同事', places.enterpriseId, 'enterprise-member'),
    lab: await add('单位同事', places.labId, 'unit-member'),
  }
  return { ...places, people, colleagues }
}

function personOf(cast: Cast, role: Role, { enterpriseId, labId }: Places): Promise<Person> {
  const { province, city } = cast.people
  const organisationId = role.startsWith('enterprise')
    ? enterpriseId
    : labRoles.includes(role) || role.startsWith('unit')
      ? labId
      : role === 'voucher-administrator-city'
        ? city.organisationId
        : province.organisationId
  return addPerson(cast, { name: role, organisationId, role })
}

/** The things of a house, as its people make them: one of each kind, in several states. */
async function live(cast: Cast, { people, enterpriseId, instrumentId }: House) {
  const member = people['enterprise-member']
  const own: Cast = {
    ...cast,
    instrumentId,
    people: {
      ...cast.people,
      xiaojin: member,
      hao: people.technician,
      finance: people['institution-finance'],
      manager: people['institution-manager'],
    },
  }
  const programmeId = cast.programmes.deduct
  await cast.sql`
    select issue_quota(${programmeId}, ${enterpriseId}, 10000000, ${START},
      ${people['voucher-administrator-province'].userId}, '额度')
    where not exists (select from quotas where programme_id = ${programmeId}
      and enterprise_id = ${enterpriseId})`
  const book = { person: member, instrumentId, programmeId }
  const served = await paid(own, { ...book, from: at(25, 8), to: at(25, 10) })
  const finance = cast.ctx(people['institution-finance'])
  const claim = await act(finance, openClaim, { bookingId: served.booking.id })
  await act(finance, submitClaim, { id: claim.id })
  cast.setNow(START)
  await finished(own, { ...book, from: at(25, 10), to: at(25, 12) })
  cast.setNow(START)
  await running(own, { ...book, from: at(25, 14), to: at(25, 16) })
  cast.setNow(START)
  const { id: bookingId } = await requested(own, { ...book, from: at(26, 8), to: at(26, 10) })
  await confirmed(own, { ...book, from: at(26, 14), to: at(26, 16) })
  await act(cast.ctx(member), holdSlot, slotInput(instrumentId, at(27, 8), at(27, 9)))
  await act(cast.ctx(member), sendMessage, { bookingId, text: '样品已寄出' })
  await act(cast.ctx(people['enterprise-admin']), inviteMember, { role: 'enterprise-member' })
  await act(finance, proposeBankAccount, { bankName: '示例银行', account: '6222000000000001' })
  const [startsAt, endsAt] = [at(30, 8).toISOString(), at(30, 9).toISOString()]
  const technician = cast.ctx(people.technician)
  await act(technician, declareOutage, {
    instrumentId,
    startsAt,
    endsAt,
    kind: 'cleaning',
    note: '',
  })
}
