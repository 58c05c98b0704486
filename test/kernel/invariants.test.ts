import { holdSlot } from '@yiqi/server/booking/hold-slot.ts'
import { auditInvariants, type Broken } from '@yiqi/server/kernel/audit-invariants.ts'
import { inTransaction } from '@yiqi/server/kernel/connect.ts'
import type { Log } from '@yiqi/server/kernel/log.ts'
import { deliverAll } from '@yiqi/server/worker.ts'
import { bookingCan, bookingStates, liveStates } from '@yiqi/shared/booking/terms.ts'
import type { Step } from '@yiqi/shared/kernel/can.ts'
import { inboxTexts } from '@yiqi/shared/message/terms.ts'
import { batchCan, claimCan, reviewedStates, reviews } from '@yiqi/shared/redemption/terms.ts'
import { sessionCan } from '@yiqi/shared/session/terms.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { act, at, confirmed, expectSound, slotInput } from '../support/act.ts'
import { type Cast, newCast } from '../support/cast.ts'

let cast: Cast
let id: string

beforeAll(async () => {
  cast = await newCast()
  await confirmed(cast, { from: at(25, 9), to: at(25, 11) })
  id = (await confirmed(cast)).id
  await deliverAll(cast.world)
})
beforeEach(() => expectSound(cast))
afterAll(() => cast.drop())

const UNDO = 'undo'

const brokenBy = (...damage: string[]) => brokenIn(null, damage)

/**
 * What is found broken in this time after `damage`, done past every trigger and foreign key, and
 * undone.
 */
async function brokenIn(recent: string | null, damage: string[]): Promise<string[]> {
  let broken: Broken[] = []
  const work = inTransaction(cast.sql, async (tx) => {
    await tx`set local session_replication_role = replica`
    for (const statement of damage) await tx.unsafe(statement.replaceAll('$id', `'${id}'`))
    broken = await tx<Broken[]>`
      select * from broken_invariants(${cast.world.clock.now()}, ${recent}::interval)`
    throw new Error(UNDO)
  })
  await expect(work).rejects.toThrow(UNDO)
  return broken.map((one) => one.invariant)
}

const event = (name: string, subject: string, booking: string) =>
  `insert into events (at, name, subject_id, booking_id)
   values ('2026-11-24T02:00Z', '${name}', ${subject}, ${booking})`
const drop = (table: string, constraint: string) =>
  `alter table ${table} drop constraint ${constraint}`
const openEarmark = `insert into transfers (at, kind, debit_account_id, credit_account_id,
    amount_fen, pending, booking_id)
  select at, kind, debit_account_id, credit_account_id, 1, true, booking_id
  from transfers where kind = 'earmark' and booking_id = $id`
const release = `insert into transfers (at, kind, debit_account_id, credit_account_id, amount_fen,
    resolves_id, booking_id)
  select at, 'release', debit_account_id, credit_account_id, amount_fen, id, booking_id
  from transfers where kind = 'earmark' and booking_id = $id`
const claim = (number: number) => `insert into claims (number, booking_id, programme_id,
    enterprise_id, institution_id, payee_id, state, amount_fen, created_by, created_at)
  select 'DF${number}', id, programme_id, enterprise_id, institution_id, institution_id, 'draft', 1,
    requester_id, created_at from bookings where id = $id`

describe('a broken invariant is found:', () => {
  it.each([
    [
      'two bookings at one time',
      'I1',
      ['update bookings set starts_at = (select min(starts_at) from bookings) where id = $id'],
    ],
    [
      'a live booking that occupies nothing',
      'I1',
      ['delete from occupancies where booking_id = $id'],
    ],
    [
      'an occupancy that nobody has',
      'I1',
      ['update occupancies set booking_id = new_id() where booking_id = $id'],
    ],
    [
      'a ledger that does not sum to zero',
      'I2',
      ["update accounts set credits_posted = credits_posted + 1 where kind = 'treasury'"],
    ],
    [
      'a sum that its transfers do not say',
      'I2',
      ["update accounts set debits_pending = debits_pending + 1 where kind = 'quota'"],
    ],
    [
      'a quota below zero',
      'I3',
      [
        drop('accounts', 'quota_never_negative'),
        "update accounts set debits_posted = credits_posted + 1 where kind = 'quota'",
      ],
    ],
    [
      'a quota used for something that is no booking',
      'I3',
      ["update transfers set kind = 'payment' where kind = 'issue'"],
    ],
    ['a second earmark', 'I4', [openEarmark]],
    [
      'an earmark resolved twice',
      'I4',
      [drop('transfers', 'transfers_resolve_once'), release, release],
    ],
    ['an earmark given back while the booking lives', 'I4', [release]],
    [
      'an earmark of another amount',
      'I4',
      ['update bookings set voucher_fen = voucher_fen - 1 where id = $id'],
    ],
    [
      'a cancelled booking that keeps its earmark',
      'I4',
      [
        "update bookings set state = 'cancelled' where id = $id",
        'delete from occupancies where booking_id = $id',
        event('booking.cancelled', '$id', '$id'),
      ],
    ],
    ['a booking claimed twice', 'I4', ['drop index claims_once', claim(1), claim(2)]],
    ['a state without its event', 'I7', ["update bookings set state = 'requested' where id = $id"]],
    ['a booking without any event', 'I7', ['delete from events where booking_id = $id']],
    [
      'an event in the queue that never happened',
      'I7',
      ['insert into event_queue (event_id, seq) values (new_id(), 1)'],
    ],
    ['an event that nobody was told of', 'I7', ['delete from inbox_entries']],
    [
      'an event told twice',
      'I7',
      [
        'drop index inbox_entries_once',
        `insert into inbox_entries (user_id, event_id, at)
         select user_id, event_id, at from inbox_entries`,
      ],
    ],
    [
      'an outage without its event',
      'I7',
      [
        `insert into outages (instrument_id, starts_at, ends_at, kind, note, lifted_at)
       select instrument_id, starts_at, ends_at, 'fault', '', starts_at from bookings
       where id = $id`,
      ],
    ],
    [
      'a step that no edge allows',
      'I8',
      [
        event('booking.held', '$id', '$id'),
        event('booking.requested', '$id', '$id'),
        event('booking.confirmed', '$id', '$id'),
      ],
    ],
  ])('%s is %s', async (_, invariant, damage) => {
    expect(await brokenBy(...damage)).toContain(invariant)
  })

  it('a hold that outlived its ten minutes and one is I10', async () => {
    const hold = [
      "update bookings set state = 'held', hold_expires_at = '2026-11-24T00:59Z' where id = $id",
    ]
    expect(await brokenBy(...hold)).not.toContain('I10')
    hold.push("update bookings set hold_expires_at = '2026-11-24T00:58:59Z' where id = $id")
    expect(await brokenBy(...hold)).toContain('I10')
  })
})

describe('the edges in SQL are those of the terms:', () => {
  type Edge = { event: string; fromState: string; toState: string }
  const edgesOf = (machine: string) =>
    cast.sql<Edge[]>`select event, from_state, to_state from state_edges
      where machine = ${machine} order by event, from_state`
  const born = (event: string, toState: string): Edge => ({ event, fromState: '', toState })
  const steps = <A extends string>(can: Record<A, Step<string>>, events: Record<A, string>) =>
    (Object.keys(events) as A[]).flatMap((action) =>
      can[action].states.map((fromState) => ({
        event: events[action],
        fromState,
        toState: can[action].to,
      })),
    )
  const sorted = (edges: Edge[]) =>
    edges.sort((a, b) => {
      const [x, y] = [`${a.event} ${a.fromState}`, `${b.event} ${b.fromState}`]
      return x < y ? -1 : 1
    })

  it('bookings', async () => {
    const events = {
      request: 'booking.requested',
      askApproval: 'booking.approval_asked',
      approveSpending: 'booking.requested',
      refuseSpending: 'booking.spending_refused',
      confirm: 'booking.confirmed',
      decline: 'booking.declined',
      cancel: 'booking.cancelled',
      displace: 'booking.displaced',
      lapse: 'booking.lapsed',
      checkIn: 'session.started',
      finish: 'session.finished',
      close: 'session.agreed',
      missed: 'booking.missed',
    }
    expect([...(await edgesOf('booking'))]).toEqual(
      sorted([born('booking.held', 'held'), ...steps(bookingCan, events)]),
    )
  })

  it('sessions', async () => {
    const events = {
      advance: 'session.advanced',
      finish: 'session.finished',
      agree: 'session.agreed',
      dispute: 'session.disputed',
      adjust: 'session.adjusted',
    }
    expect([...(await edgesOf('session'))]).toEqual(
      sorted([born('session.started', 'running'), ...steps(sessionCan, events)]),
    )
  })

  it('claims, whose reviews follow each other', async () => {
    const events = {
      submit: 'claim.submitted',
      withdraw: 'claim.withdrawn',
      publicise: 'claim.publicised',
      approve: 'claim.approved',
      pay: 'claim.paid',
      reconcile: 'claim.reconciled',
    }
    const reviewed = { binding: 'claim.bound', city: 'claim.reviewed', province: 'claim.reviewed' }
    const before = (n: number) => [
      'submitted',
      ...reviews.slice(0, n).map((r) => reviewedStates[r]),
    ]
    const passing = reviews.flatMap((review, n) =>
      before(n).map((fromState) => ({
        event: `${reviewed[review]}:${review}`,
        fromState,
        toState: reviewedStates[review],
      })),
    )
    const returning = before(reviews.length - 1).map((fromState) => ({
      event: 'claim.returned',
      fromState,
      toState: 'returned',
    }))
    expect([...(await edgesOf('claim'))]).toEqual(
      sorted([born('claim.opened', 'draft'), ...steps(claimCan, events), ...passing, ...returning]),
    )
  })

  it('batches, but for explanations, which are told of their payment', async () => {
    const { explain: _, ...can } = batchCan
    const events = {
      publicise: 'batch.publicised',
      approve: 'batch.approved',
      instruct: 'batch.instructed',
      importReturn: 'batch.returned',
      reconcile: 'batch.reconciled',
    }
    expect([...(await edgesOf('batch'))]).toEqual(
      sorted([born('batch.opened', 'open'), ...steps(can, events)]),
    )
  })

  it('live bookings, and who is told', async () => {
    const live = await cast.sql<{ state: string }[]>`
      select state from unnest(${[...bookingStates]}::text[]) state where is_live(state)`
    expect(live.map((row) => row.state)).toEqual(liveStates)
    const told = await cast.sql<{ name: string }[]>`select name from events_told order by name`
    const toTheEnterprise = Object.entries(inboxTexts).flatMap(([name, { audience }]) =>
      audience === 'enterprise' && name !== 'message.sent' ? [name] : [],
    )
    expect(told.map((row) => row.name)).toEqual(toTheEnterprise.sort())
  })
})

describe('the audit', () => {
  it('walks the history of what was touched in the time given', async () => {
    const damage = ["update bookings set state = 'requested' where id = $id"]
    expect(await brokenIn('1 hour', damage)).toContain('I7')
    expect(await brokenIn('-1 hour', damage)).not.toContain('I7')
  })

  it('logs what is broken and does not throw; a jump of a demonstration breaks no hold', async () => {
    const logged: string[] = []
    const log: Log = (level, event, fields) => logged.push(`${level} ${event} ${fields?.invariant}`)
    expect(await auditInvariants({ ...cast.ctx(null), log })).toEqual([])
    const slot = slotInput(cast.instrumentId, at(26, 9), at(26, 11))
    await act(cast.ctx(cast.people.xiaojin), holdSlot, slot)
    cast.setNow(at(24, 10))
    expect(await auditInvariants({ ...cast.ctx(null), log, demo: true })).toEqual([])
    expect(logged).toEqual([])
    expect(await auditInvariants({ ...cast.ctx(null), log })).toHaveLength(1)
    expect(logged).toEqual(['error invariant_broken I10'])
  })
})
