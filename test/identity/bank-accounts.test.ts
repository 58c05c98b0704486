import { accountsInUse } from '@yiqi/server/identity/facts-accounts.ts'
import { proposeBankAccount } from '@yiqi/server/identity/propose-bank-account.ts'
import { putBankAccountInUse } from '@yiqi/server/identity/put-bank-account-in-use.ts'
import { listBankAccounts, readBankAccount } from '@yiqi/server/identity/queries-bank.ts'
import { refuseBankAccount } from '@yiqi/server/identity/refuse-bank-account.ts'
import { BankAccount, bankEndpoints } from '@yiqi/shared/identity/endpoints-bank.ts'
import { whyNotCheckAccount } from '@yiqi/shared/identity/rules-bank.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { countEvents } from '../session/steps.ts'
import { act, expectSound, outcome } from '../support/act.ts'
import { type Cast, newCast, type Person, START } from '../support/cast.ts'
import { overHttp } from '../support/http.ts'
import { addPerson, secondOfProvince } from '../support/second-person.ts'

const NUMBER = '6210000000001234567'

let cast: Cast
beforeEach(async () => {
  cast = await newCast()
})
afterEach(async () => {
  await expectSound(cast)
  await cast.drop()
})

const people = () => cast.people
const propose = (person = people().finance, account = NUMBER) =>
  act(cast.ctx(person), proposeBankAccount, { bankName: '示例银行太原分行', account })
const use = (id: string, person = people().manager) =>
  act(cast.ctx(person), putBankAccountInUse, { id })
const refuse = (id: string, person = people().manager) =>
  act(cast.ctx(person), refuseBankAccount, { id, reason: '户名不符' })
const read = (id: string, person = people().manager) => readBankAccount(cast.ctx(person), { id })
const list = (person: Person) => listBankAccounts(cast.ctx(person), {})
const inUse = async (organisationId: string) =>
  (await accountsInUse(cast.ctx(null), [organisationId])).get(organisationId)?.number ?? null

describe('proposing a bank account', () => {
  it('keeps the number sealed, shows its end and changes nothing yet', async () => {
    const account = await propose()
    expect(BankAccount.parse(account)).toMatchObject({
      state: 'proposed',
      accountTail: '4567',
      proposedBy: '财务老师',
      whyNotCheck: 'identity.own_proposal',
    })
    const [row] = await cast.sql<{ account: string }[]>`select account from bank_accounts`
    expect(row?.account).toMatch(/^v1\./)
    expect(row?.account).not.toContain(NUMBER)
    expect(JSON.stringify((await list(people().manager)).rows)).not.toContain(NUMBER)
    expect(await inUse(people().finance.organisationId)).toBeNull()
    expect(await countEvents(cast, 'bank_account.proposed')).toBe(1)
  })

  it('is for finance and the administrators of an organisation, one at a time', async () => {
    for (const name of ['hao', 'manager', 'xiaojin', 'province', 'auditor'] as const)
      expect(await outcome(propose(people()[name]))).toBe('identity.role_missing')
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => outcome(propose())))
    expect(outcomes.filter((code) => code === 'done')).toHaveLength(1)
    expect(outcomes.filter((code) => code === 'identity.proposal_waiting')).toHaveLength(4)
    expect(await outcome(propose(people().admin))).toBe('done')
  })
})

describe('putting it in use', () => {
  it('is done by another person of the organisation, in place of the one before', async () => {
    const { id: first } = await propose()
    expect(await use(first)).toMatchObject({ state: 'in_use', decidedBy: '汾主任' })
    const { id: second } = await propose(people().finance, '6210000000009999999')
    expect(await inUse(people().finance.organisationId)).toBe(NUMBER)
    await use(second)
    expect(await inUse(people().finance.organisationId)).toBe('6210000000009999999')
    const { rows } = await list(people().manager)
    expect(rows.map((row) => row.state)).toEqual(['in_use', 'replaced'])
    expect(await countEvents(cast, 'bank_account.put_in_use')).toBe(2)
  })

  it('is refused to who proposed it, by the rule and by the database alone', async () => {
    const { id } = await propose()
    expect(await outcome(use(id, people().finance))).toBe('identity.own_proposal')
    expect(await outcome(refuse(id, people().finance))).toBe('identity.own_proposal')
    const direct = cast.sql`
      update bank_accounts set state = 'in_use', decided_by = proposed_by where id = ${id}`
    expect(await outcome(direct)).toBe('identity.own_proposal')
    const { userId } = people().finance
    const alone = cast.sql`select decide_bank_account(${id}, 'in_use', null, ${START}, ${userId})`
    expect(await outcome(alone)).toBe('identity.own_proposal')
    await expect(
      cast.sql`update bank_accounts set state = 'in_use' where id = ${id}`,
    ).rejects.toThrow('bank_accounts_checked')
  })

  it('is nobody else’s: another organisation does not find it, a technician may not', async () => {
    const { id } = await propose()
    const { organisationId } = people().otherTechnician
    const role = 'institution-manager'
    const stranger = await addPerson(cast, { name: '外院主任', organisationId, role })
    for (const work of [use, refuse, read]) {
      expect(await outcome(work(id, stranger))).toBe('identity.no_such_account')
      expect(await outcome(work(id, people().admin))).toBe('identity.no_such_account')
      expect(await outcome(work(id, people().hao))).toBe('identity.role_missing')
    }
    expect((await list(stranger)).rows).toEqual([])
  })

  it('is the province’s only where the organisation has nobody else', async () => {
    const { id: lab } = await propose()
    const { id: alone } = await propose(people().admin)
    expect(await outcome(use(lab, people().province))).toBe('identity.no_such_account')
    expect((await list(people().province)).rows).toMatchObject([{ id: alone, whyNotCheck: null }])
    const { organisationId } = people().admin
    const role = 'enterprise-admin'
    await addPerson(cast, { name: '副总', organisationId, role })
    expect((await list(people().province)).rows).toEqual([])
    expect(await outcome(use(alone, people().province))).toBe('identity.no_such_account')
    const facts = { state: 'proposed', organisationId, proposedBy: 'a', otherCheckers: 1 } as const
    const province = { userId: 'b', role: 'voucher-administrator-province' } as const
    expect(whyNotCheckAccount(facts, province)).toBe('identity.checked_inside')
    expect(whyNotCheckAccount({ ...facts, otherCheckers: 0 }, province)).toBeNull()
  })

  it('by the province for a single administrator puts it in use', async () => {
    const { id } = await propose(people().admin)
    expect(await read(id, people().province)).toEqual({ id, number: NUMBER })
    expect(await use(id, people().province)).toMatchObject({ state: 'in_use' })
    expect(await inUse(people().admin.organisationId)).toBe(NUMBER)
    expect(await outcome(read(id, people().province))).toBe('identity.no_such_account')
  })

  it('of ten deciders at once one wins', async () => {
    const { id } = await propose()
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, i) => outcome(i % 2 ? use(id) : refuse(id))),
    )
    expect(outcomes.filter((code) => code === 'done')).toHaveLength(1)
    expect(outcomes.filter((code) => code === 'identity.already_decided')).toHaveLength(9)
  })
})

describe('refusing it', () => {
  it('keeps the reason and what is in use, and makes room for another proposal', async () => {
    const { id: first } = await propose()
    await use(first)
    const { id } = await propose(people().finance, '6210000000009999999')
    expect(await refuse(id)).toMatchObject({ state: 'refused', reason: '户名不符' })
    expect(await outcome(use(id))).toBe('identity.already_decided')
    expect(await inUse(people().finance.organisationId)).toBe(NUMBER)
    expect(await outcome(propose())).toBe('done')
  })
})

describe('an account', () => {
  it('never changes in content, and ends only by being replaced', async () => {
    const { id } = await propose()
    await use(id)
    for (const work of [
      cast.sql`update bank_accounts set account_tail = '0000' where id = ${id}`,
      cast.sql`update bank_accounts set organisation_id = ${people().admin.organisationId}`,
      cast.sql`update bank_accounts set decided_by = ${people().hao.userId} where id = ${id}`,
      cast.sql`update bank_accounts set state = 'proposed' where id = ${id}`,
    ])
      expect(await outcome(work)).toBe('identity.already_decided')
    expect(await outcome(cast.sql`delete from bank_accounts`)).toBe('voucher.immutable')
  })

  it('cannot be read in the place of another: a sealed number opens only in its own row', async () => {
    const { id: mine } = await propose()
    const { id: other } = await propose(people().admin, '6210000000009999999')
    await cast.sql`
      update bank_accounts set account = (select account from bank_accounts where id = ${other})
      where id = ${mine}`
    await expect(read(mine)).rejects.toThrow()
  })

  it('is read whole over the wire after a second factor, and the audit record has it', async () => {
    const { id } = await propose()
    const { ask } = overHttp(cast)
    const path = `/bank-accounts/${id}/number`
    const answer = await ask(people().manager, 'GET', path)
    expect(bankEndpoints.readBankAccount.output.parse(answer.body)).toEqual({ id, number: NUMBER })
    const entries = await cast.sql`
      select kind, actor_id, subject_id, detail from audit_entries
      where action = 'identity.readBankAccount'`
    expect(entries).toMatchObject([
      { kind: 'protected', actorId: people().manager.userId, subjectId: id },
    ])
    expect(JSON.stringify(entries)).not.toContain(NUMBER)
    await cast.sql`update log_ins set strong_at = ${new Date(Date.now() - 6 * 60_000)}`
    const late = await ask(people().manager, 'GET', path)
    expect(late).toMatchObject({ status: 403, body: { code: 'identity.step_up_needed' } })
  })

  it('of the second administrator’s list has the account only while it waits', async () => {
    const second = await secondOfProvince(cast)
    const { id } = await propose(people().admin)
    expect((await list(second)).rows.map((row) => row.id)).toEqual([id])
    await use(id, people().province)
    expect((await list(second)).rows).toEqual([])
  })
})
