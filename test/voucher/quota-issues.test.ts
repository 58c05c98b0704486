import { issueQuota } from '@yiqi/server/voucher/issue-quota.ts'
import { proposeQuota } from '@yiqi/server/voucher/propose-quota.ts'
import { quotasOf } from '@yiqi/server/voucher/queries.ts'
import { listQuotaIssues } from '@yiqi/server/voucher/queries-issues.ts'
import { refuseQuota } from '@yiqi/server/voucher/refuse-quota.ts'
import { QuotaIssue, voucherEndpoints } from '@yiqi/shared/voucher/endpoints.ts'
import { whyNotCheckIssue, whyNotPropose } from '@yiqi/shared/voucher/rules.ts'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { countEvents } from '../session/steps.ts'
import { act, expectSound, outcome } from '../support/act.ts'
import { type Cast, newCast, type Person, START } from '../support/cast.ts'
import { overHttp, refusedWith } from '../support/http.ts'
import { secondOfProvince } from '../support/second-person.ts'

let cast: Cast
let checker: Person
beforeAll(async () => {
  cast = await newCast()
  checker = await secondOfProvince(cast)
})
afterEach(() => expectSound(cast))
afterAll(() => cast.drop())

const outsiders = ['xiaojin', 'finance', 'city', 'auditor'] as const
const wish = (amountFen = 1_000) => ({
  programmeId: cast.programmes.deduct,
  enterpriseId: cast.people.stranger.organisationId,
  amountFen,
  reason: '年度额度',
})
const propose = (amountFen?: number, person = cast.people.province) =>
  act(cast.ctx(person), proposeQuota, wish(amountFen))
const issue = (id: string, person = checker) => act(cast.ctx(person), issueQuota, { id })
const refuse = (id: string, person = checker) =>
  act(cast.ctx(person), refuseQuota, { id, reason: '企业已停业' })
const issuedFen = async () => {
  const { organisationId } = cast.people.stranger
  const quotas = await quotasOf(cast.ctx(cast.people.stranger), organisationId)
  return quotas.find((one) => one.programmeId === cast.programmes.deduct)?.issuedFen ?? 0
}
const stateOf = async (id: string) => {
  const { rows } = await listQuotaIssues(cast.ctx(cast.people.auditor), { limit: 100 })
  return rows.find((row) => row.id === id)?.state
}

describe('proposing quota', () => {
  it('moves no money, and only somebody else may check it', async () => {
    const before = await issuedFen()
    const proposal = await propose()
    expect(QuotaIssue.parse(proposal)).toMatchObject({
      state: 'proposed',
      amountFen: 1_000,
      madeBy: { name: '省券管理员' },
      checkedBy: null,
      whyNotCheck: 'voucher.own_proposal',
    })
    expect(await issuedFen()).toBe(before)
    const { rows } = await listQuotaIssues(cast.ctx(checker), { state: 'proposed' })
    expect(rows[0]).toMatchObject({ id: proposal.id, whyNotCheck: null })
    expect(await countEvents(cast, 'quota.proposed')).toBe(1)
  })

  it('is the province’s, for enterprises, under a programme in force and its cap', async () => {
    for (const name of outsiders)
      expect(await outcome(propose(1, cast.people[name]))).toBe('identity.role_missing')
    const { organisationId } = cast.people.hao
    const toTheLab = { ...wish(), enterpriseId: organisationId }
    const of = (input: ReturnType<typeof wish>) =>
      outcome(act(cast.ctx(cast.people.province), proposeQuota, input))
    expect(await of(toTheLab)).toBe('identity.no_such_organisation')
    expect(await of({ ...wish(), programmeId: cast.instrumentId })).toBe(
      'voucher.no_such_programme',
    )
    expect(await of(wish(50_000_001))).toBe('voucher.quota_over_cap')
    expect(whyNotPropose({ state: 'closed', enterpriseCapFen: 5 }, 1)).toBe(
      'voucher.programme_closed',
    )
  })
})

describe('issuing what was proposed', () => {
  it('moves the money together with the state, by the second person', async () => {
    const before = await issuedFen()
    const { id } = await propose(2_000)
    expect(await issue(id)).toMatchObject({
      state: 'issued',
      checkedBy: { id: checker.userId, name: checker.name },
      whyNotCheck: 'voucher.issue_checked',
    })
    expect(await issuedFen()).toBe(before + 2_000)
    const [transfer] = await cast.sql`
      select actor_id, reason from transfers where kind = 'issue' order by id desc limit 1`
    expect(transfer).toEqual({ actorId: checker.userId, reason: '年度额度' })
  })

  it('is refused to who proposed it, by the rule and by the database alone', async () => {
    const { id } = await propose()
    const before = await issuedFen()
    expect(await outcome(issue(id, cast.people.province))).toBe('voucher.own_proposal')
    const { userId } = cast.people.province
    const alone = cast.sql`select check_quota_issue(${id}, 'issued', null, ${START}, ${userId})`
    expect(await outcome(alone)).toBe('voucher.own_proposal')
    const direct = cast.sql`
      update quota_issues set state = 'issued', checked_by = made_by, checked_at = ${START}
      where id = ${id}`
    expect(await outcome(direct)).toBe('voucher.own_proposal')
    expect(await issuedFen()).toBe(before)
    expect(await stateOf(id)).toBe('proposed')
  })

  it('is the province’s; what is not there is not found', async () => {
    const { id } = await propose()
    for (const name of outsiders) {
      expect(await outcome(issue(id, cast.people[name]))).toBe('identity.role_missing')
      expect(await outcome(refuse(id, cast.people[name]))).toBe('identity.role_missing')
    }
    expect(await outcome(issue(cast.instrumentId))).toBe('voucher.no_such_issue')
    expect(await outcome(refuse(cast.instrumentId))).toBe('voucher.no_such_issue')
  })

  it('of ten checkers at once one wins, and the money moves once', async () => {
    const { id } = await propose(3_000)
    const before = await issuedFen()
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, i) => outcome(i % 2 ? issue(id) : refuse(id))),
    )
    expect(outcomes.filter((code) => code === 'done')).toHaveLength(1)
    expect(outcomes.filter((code) => code === 'voucher.issue_checked')).toHaveLength(9)
    expect(await issuedFen()).toBe(before + ((await stateOf(id)) === 'issued' ? 3_000 : 0))
  })

  it('changes nothing where the ledger says no', async () => {
    const { id } = await propose(50_000_000)
    const before = await issuedFen()
    expect(await outcome(issue(id))).toBe('voucher.quota_over_cap')
    expect(await stateOf(id)).toBe('proposed')
    expect(await issuedFen()).toBe(before)
  })

  it('is asked for over the wire, once per key', async () => {
    const { id } = await propose(4_000)
    const { ask } = overHttp(cast)
    const options = { body: {}, key: 'issue-once-1' }
    const [first, second] = [
      await ask(checker, 'PUT', `/quota-issues/${id}/issue`, options),
      await ask(checker, 'PUT', `/quota-issues/${id}/issue`, options),
    ]
    expect([first.status, second.text]).toEqual([200, first.text])
    const own = await ask(cast.people.province, 'PUT', `/quota-issues/${id}/refusal`, {
      body: { reason: '重复' },
    })
    expect(refusedWith(own).code).toBe('voucher.issue_checked')
    const list = await ask(checker, 'GET', '/quota-issues?state=issued&limit=1')
    expect(voucherEndpoints.listQuotaIssues.output.parse(list.body).rows).toHaveLength(1)
  })
})

describe('refusing what was proposed', () => {
  it('keeps the reason and ends it: it is never issued any more', async () => {
    const { id } = await propose()
    const before = await issuedFen()
    expect(await outcome(refuse(id, cast.people.province))).toBe('voucher.own_proposal')
    expect(await refuse(id)).toMatchObject({ state: 'refused', note: '企业已停业' })
    expect(await outcome(issue(id))).toBe('voucher.issue_checked')
    const alone = cast.sql`
      select check_quota_issue(${id}, 'issued', null, ${START}, ${checker.userId})`
    expect(await outcome(alone)).toBe('voucher.issue_checked')
    expect(await issuedFen()).toBe(before)
    expect(whyNotCheckIssue({ state: 'refused', madeBy: 'a' }, 'b')).toBe('voucher.issue_checked')
  })
})

describe('a proposal', () => {
  it('never changes: not its content, not its state by hand, and it is not deleted', async () => {
    const { id } = await propose()
    const { id: done } = await propose()
    await issue(done)
    const refused = (work: Promise<unknown>) => outcome(work)
    for (const work of [
      cast.sql`update quota_issues set amount_fen = 9 where id = ${id}`,
      cast.sql`update quota_issues set enterprise_id = ${cast.people.xiaojin.organisationId}
        where id = ${id}`,
      cast.sql`update quota_issues set made_by = ${checker.userId} where id = ${id}`,
      cast.sql`update quota_issues set state = 'proposed', checked_by = null where id = ${done}`,
      cast.sql`update quota_issues set state = 'issued' where id = ${done}`,
      cast.sql`delete from quota_issues where id = ${id}`,
      cast.sql`truncate quota_issues`,
      cast.sql`insert into quota_issues (programme_id, enterprise_id, amount_fen, reason, state,
        made_by, made_at, checked_by) select programme_id, enterprise_id, 1, '', 'issued', made_by,
        made_at, ${checker.userId} from quota_issues where id = ${id}`,
    ])
      expect(await refused(work)).toBe('voucher.immutable')
  })

  it('is listed page by page, by state and programme', async () => {
    const all = await listQuotaIssues(cast.ctx(checker), { limit: 100 })
    const first = await listQuotaIssues(cast.ctx(checker), { limit: 2 })
    const rest = await listQuotaIssues(cast.ctx(checker), {
      limit: 100,
      cursor: first.nextCursor ?? '',
    })
    expect([...first.rows, ...rest.rows]).toEqual(all.rows)
    const { rows } = await listQuotaIssues(cast.ctx(checker), {
      programmeId: cast.programmes.refund,
    })
    expect(rows).toEqual([])
    expect(await outcome(listQuotaIssues(cast.ctx(cast.people.city), {}))).toBe(
      'identity.role_missing',
    )
  })
})
