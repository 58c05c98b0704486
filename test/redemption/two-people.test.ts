import { approveBatch } from '@yiqi/server/redemption/approve-batch.ts'
import { explainDifference } from '@yiqi/server/redemption/explain-difference.ts'
import { instructBatch } from '@yiqi/server/redemption/instruct-batch.ts'
import { openBatch } from '@yiqi/server/redemption/open-batch.ts'
import { getBatch } from '@yiqi/server/redemption/queries-batches.ts'
import { reconcileBatch } from '@yiqi/server/redemption/reconcile-batch.ts'
import { Batch } from '@yiqi/shared/redemption/endpoints.ts'
import {
  approvalsNeeded,
  secondApprovals,
  whyNotApproveAs,
  whyNotInstructAs,
  whyNotReconcileAs,
} from '@yiqi/shared/redemption/rules.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { countEvents } from '../session/steps.ts'
import { act, expectSound, outcome } from '../support/act.ts'
import { type Cast, newCast, type Person, START } from '../support/cast.ts'
import { addPerson, secondOfProvince } from '../support/second-person.ts'
import { balance, bankFile, imported, instructed, reviewed } from './steps.ts'

let cast: Cast
/** Who composes, who approves, and a third. */
let maker: Person
let checker: Person
let third: Person
beforeEach(async () => {
  cast = await newCast()
  maker = cast.people.province
  checker = await secondOfProvince(cast)
  const { organisationId, role } = maker
  third = await addPerson(cast, { name: '省券三', organisationId, role })
})
afterEach(async () => {
  await expectSound(cast)
  await cast.drop()
})

const opened = async () => {
  await reviewed(cast, 'deduct')
  const { id } = await act(cast.ctx(maker), openBatch, { programmeId: cast.programmes.deduct })
  return id
}
const approve = (id: string, person: Person) => outcome(act(cast.ctx(person), approveBatch, { id }))
const instruct = (id: string, person: Person) =>
  outcome(act(cast.ctx(person), instructBatch, { id }))
const reconcile = (id: string, person: Person) =>
  outcome(act(cast.ctx(person), reconcileBatch, { id }))
const seen = (id: string, person: Person) => getBatch(cast.ctx(person), { id })
const enlarge = (id: string) =>
  cast.sql`update claims set amount_fen = 10000001 where batch_id = ${id}`

describe('composing, approving and paying', () => {
  it('are done by different people, and the batch says who may and who may not', async () => {
    const id = await opened()
    expect(await seen(id, maker)).toMatchObject({
      actions: [],
      obstacles: [{ action: 'approve', code: 'redemption.own_batch' }],
      openedBy: maker.name,
      approvalsNeeded: 1,
    })
    expect(await seen(id, checker)).toMatchObject({ actions: ['approve'], obstacles: [] })
    expect((await seen(id, cast.people.auditor)).obstacles).toEqual([
      { action: 'approve', code: 'identity.role_missing' },
    ])
    expect(await approve(id, maker)).toBe('redemption.own_batch')
    expect(await approve(id, checker)).toBe('done')
    expect(await seen(id, checker)).toMatchObject({
      actions: [],
      obstacles: [{ action: 'instruct', code: 'redemption.own_batch' }],
      approvals: [{ name: checker.name }],
    })
    expect(await instruct(id, checker)).toBe('redemption.own_batch')
    expect(await instruct(id, maker)).toBe('done')
    const paid = await seen(id, third)
    expect(Batch.parse(paid)).toMatchObject({ state: 'instructed', instructedBy: maker.name })
    expect(paid.payments[0]?.payeeAccountTail).toBeNull()
  })

  it('are kept apart by the database alone', async () => {
    const id = await opened()
    const refusedTo = async (work: Promise<unknown>) =>
      expect(await outcome(work)).toBe('redemption.own_batch')
    await refusedTo(
      cast.sql`select approve_batch(${id}, ${['open']}, 1, ${START}, ${maker.userId})`,
    )
    await refusedTo(cast.sql`update batches set approved_by = opened_by where id = ${id}`)
    await refusedTo(cast.sql`
      insert into batch_approvals (batch_id, user_id, at, content_hash)
      values (${id}, ${maker.userId}, ${START}, '')`)
    expect(
      await outcome(cast.sql`
        update batches set state = 'approved', approved_by = ${checker.userId},
          approved_hash = batch_hash(id) where id = ${id}`),
    ).toBe('redemption.approval_missing')
    await approve(id, checker)
    await refusedTo(cast.sql`select instruct_batch(${id}, ${START}, ${checker.userId})`)
    await refusedTo(cast.sql`update batches set instructed_by = approved_by where id = ${id}`)
    for (const change of [
      cast.sql`update batches set opened_by = ${third.userId} where id = ${id}`,
      cast.sql`update batches set approved_by = ${third.userId} where id = ${id}`,
      cast.sql`update batches set approved_hash = '' where id = ${id}`,
      cast.sql`update batch_approvals set user_id = ${third.userId}`,
      cast.sql`delete from batch_approvals`,
      cast.sql`truncate batch_approvals`,
    ])
      expect(await outcome(change)).toBe('voucher.immutable')
    expect((await seen(id, maker)).state).toBe('approved')
  })
})

describe('an approval', () => {
  it('is of exactly this content: what changed afterwards is not paid', async () => {
    const id = await opened()
    await approve(id, checker)
    const [claim] = await cast.sql<{ amountFen: number }[]>`
      select amount_fen from claims where batch_id = ${id}`
    for (const [change, back] of [
      [
        cast.sql`update claims set amount_fen = amount_fen - 1 where batch_id = ${id}`,
        cast.sql`update claims set amount_fen = ${claim?.amountFen ?? 0} where batch_id = ${id}`,
      ],
      [
        cast.sql`update programmes set province_permille = 499`,
        cast.sql`update programmes set province_permille = 500`,
      ],
      [
        cast.sql`update claims set payee_id = enterprise_id where batch_id = ${id}`,
        cast.sql`update claims set payee_id = institution_id where batch_id = ${id}`,
      ],
    ] as const) {
      await change
      expect(await instruct(id, maker)).toBe('redemption.batch_changed')
      await back
    }
    expect(await balance(cast, 'paid:province')).toBe(0)
    expect(await instruct(id, maker)).toBe('done')
    expect(await balance(cast, 'paid:province')).toBe(41500)
  })

  it('of a large batch takes two people, none of whom pays it', async () => {
    const id = await opened()
    await enlarge(id)
    expect(await approve(id, checker)).toBe('done')
    expect(await seen(id, checker)).toMatchObject({
      state: 'open',
      approvalsNeeded: 2,
      obstacles: [{ action: 'approve', code: 'redemption.second_approver' }],
    })
    expect(await approve(id, checker)).toBe('redemption.second_approver')
    const again = cast.sql`
      select approve_batch(${id}, ${['open']}, 2, ${START}, ${checker.userId})`
    expect(await outcome(again)).toBe('redemption.second_approver')
    expect(await approve(id, third)).toBe('done')
    expect(await seen(id, third)).toMatchObject({ state: 'approved', approvals: [{}, {}] })
    for (const person of [checker, third])
      expect(await instruct(id, person)).toBe('redemption.own_batch')
    const alone = cast.sql`select instruct_batch(${id}, ${START}, ${checker.userId})`
    expect(await outcome(alone)).toBe('redemption.own_batch')
    expect(await countEvents(cast, 'batch.approval_given')).toBe(1)
    expect(await countEvents(cast, 'batch.approved')).toBe(1)
  })

  it('of another content does not count beside the second one', async () => {
    const id = await opened()
    await enlarge(id)
    await approve(id, checker)
    await cast.sql`update claims set amount_fen = 10000002 where batch_id = ${id}`
    expect(await approve(id, third)).toBe('done')
    expect((await seen(id, third)).state).toBe('open')
  })

  it('by both at once approves a large batch once', async () => {
    const id = await opened()
    await enlarge(id)
    const outcomes = await Promise.all(
      [checker, third, checker, third].map((person) => approve(id, person)),
    )
    expect(outcomes.filter((code) => code === 'done')).toHaveLength(2)
    expect(await countEvents(cast, 'batch.approved')).toBe(1)
  })

  it('is needed twice above ¥100,000.00, from the day the rule is in force', () => {
    const [{ from }] = secondApprovals as [(typeof secondApprovals)[number]]
    expect(approvalsNeeded(10_000_000, from)).toBe(1)
    expect(approvalsNeeded(10_000_001, from)).toBe(2)
    expect(approvalsNeeded(10_000_001, '2025-12-31')).toBe(1)
  })
})

describe('reconciling', () => {
  it('is refused to who explained a difference, by the rule and by the database alone', async () => {
    await reviewed(cast, 'deduct')
    const batch = await instructed(cast, 'deduct')
    const lines = batch.payments.map(({ reference, instructedFen }, i) => ({
      reference,
      fen: instructedFen - (i === 0 ? 20_000 : 0),
    }))
    await imported(cast, batch, bankFile(lines))
    const { id } = batch
    const reason = '收款账号有误，银行退回部分'
    const paymentId = batch.payments[0]?.id ?? ''
    await act(cast.ctx(third), explainDifference, { id: paymentId, reason })
    expect((await seen(id, third)).obstacles).toEqual([
      { action: 'reconcile', code: 'redemption.own_explanation' },
    ])
    expect(await reconcile(id, third)).toBe('redemption.own_explanation')
    const alone = cast.sql`select reconcile_batch(${id}, ${START}, ${third.userId})`
    expect(await outcome(alone)).toBe('redemption.own_explanation')
    expect(await reconcile(id, maker)).toBe('done')
    expect((await seen(id, third)).reconciledBy).toBe(maker.name)
  })
})

it('whoever did nothing to a batch may do everything, one after the other', () => {
  const people = { openedBy: 'a', approvers: ['b'], explainers: ['c'] }
  const answers = (userId: string) => [
    whyNotApproveAs(userId, people),
    whyNotInstructAs(userId, people),
    whyNotReconcileAs(userId, people),
  ]
  expect(answers('a')).toEqual(['redemption.own_batch', null, null])
  expect(answers('b')).toEqual(['redemption.second_approver', 'redemption.own_batch', null])
  expect(answers('c')).toEqual([null, null, 'redemption.own_explanation'])
  expect(answers('d')).toEqual([null, null, null])
})
