import { moneyMutants } from './money-mutants.ts'
import { peopleMutants } from './people-mutants.ts'
import { wireMutants } from './wire-mutants.ts'

/** What must go red: a test by its file and a part of its name, or a suite by what it prints. */
export type CaughtBy = { file: string; test: string } | { script: string; says: string }

/** One guard broken on purpose: `find`, which stands once in `file`, becomes `replace`. */
export type Mutant = {
  name: string
  /** What is broken, and what could happen then. */
  guard: string
  file: string
  find: string
  replace: string
  caughtBy: CaughtBy
}

const BOOKING = 'drizzle/functions/03_booking.sql'
const TABLES = 'drizzle/0001_first_slice.sql'
const CONSTRAINTS = 'drizzle/0002_first_slice_constraints.sql'
const HOLDS = 'test/booking/hold-slot.test.ts'
const REQUESTS = 'test/booking/request-booking.test.ts'
const ANSWERS = 'test/booking/answer-booking.test.ts'
const SESSIONS = 'test/session/session.test.ts'

const timeMutants: readonly Mutant[] = [
  {
    name: 'overlap-allowed',
    guard: 'the exclusion constraint is an index that only looks like one: a slot is sold twice',
    file: CONSTRAINTS,
    find: `alter table occupancies add constraint occupancies_no_overlap
  exclude using gist (instrument_id with =, occupied with &&);`,
    replace: `create index occupancies_no_overlap on occupancies
  using gist (instrument_id, occupied);`,
    caughtBy: { file: HOLDS, test: 'of ten simultaneous requests for one slot' },
  },
  {
    name: 'hold-collides',
    guard: 'a hold inserts its time and hopes: losers wait in the way of winners, and deadlock',
    file: BOOKING,
    find: `values (p_instrument, taken, p_id)
    on conflict do nothing;`,
    replace: 'values (p_instrument, taken, p_id);',
    caughtBy: { file: HOLDS, test: 'of sixty different windows that overlap' },
  },
  {
    name: 'loser-in-the-way',
    guard: 'the same, seen slowly: who lost stands in the index until the winner is done',
    file: BOOKING,
    find: `values (p_instrument, taken, p_id)
    on conflict do nothing;`,
    replace: 'values (p_instrument, taken, p_id);',
    caughtBy: { file: HOLDS, test: 'that loses has left nothing in the way' },
  },
  {
    name: 'hold-outlives-itself',
    guard: 'a hold still counts in the instant in which it ends',
    file: BOOKING,
    find: "b.state = 'held' and b.hold_expires_at <= p_now",
    replace: "b.state = 'held' and b.hold_expires_at < p_now",
    caughtBy: { file: HOLDS, test: 'gives an expired hold to the next who asks' },
  },
  {
    name: 'holds-counted-together',
    guard: 'holds are counted without the person’s lock: asking at once gets anybody more',
    file: BOOKING,
    find: '  perform pg_advisory_xact_lock(hashtextextended(p_requester::text, 8));\n',
    replace: '',
    caughtBy: { file: HOLDS, test: 'counts a person’s other hold also' },
  },
  {
    name: 'time-kept-by-the-dead',
    guard: 'a booking that lapsed or was cancelled keeps its time',
    file: BOOKING,
    find: '    delete from occupancies where booking_id = new.id;',
    replace: '    null;',
    caughtBy: { file: HOLDS, test: 'gives an expired hold to the next who asks' },
  },
  {
    name: 'request-reads-in-passing',
    guard: 'a request does not lock the booking it reads: it revives what was just cancelled',
    file: BOOKING,
    find: 'where id = p_id for no key update;',
    replace: 'where id = p_id;',
    caughtBy: { file: REQUESTS, test: 'waits for a cancellation that is under way' },
  },
  {
    name: 'request-without-event',
    guard: 'a request records no event: nobody is told, and the history has a gap',
    file: BOOKING,
    find: "  perform record_event('booking.requested', p_now, p_actor, p_id, p_id);\n",
    replace: '',
    caughtBy: { file: REQUESTS, test: 'freezes the three-part price' },
  },
  {
    name: 'step-from-anywhere',
    guard: 'a booking moves whatever its state: confirmed after it was declined',
    file: BOOKING,
    find: `where id = p_id
    and state = any (p_from) returning`,
    replace: 'where id = p_id returning',
    caughtBy: { file: ANSWERS, test: 'of ten confirmations and cancellations at once' },
  },
  {
    name: 'earmark-kept-by-the-dead',
    guard: 'a declined booking keeps the voucher that was earmarked for it',
    file: BOOKING,
    find: '    perform resolve_earmark(booking.earmark_id, 0, p_now, p_actor, p_event);',
    replace: '    null;',
    caughtBy: { file: ANSWERS, test: 'declines with a reason, gives the earmark back' },
  },
  {
    name: 'two-sessions-on-one',
    guard: 'sessions may overlap: two bookings run on one instrument at a time',
    file: CONSTRAINTS,
    find: `alter table sessions add constraint sessions_no_overlap
  exclude using gist (instrument_id with =, tstzrange(starts_at, coalesce(ends_at, 'infinity')) with &&);`,
    replace: 'create index sessions_no_overlap on sessions (instrument_id);',
    caughtBy: { file: SESSIONS, test: 'of ten at once on one instrument' },
  },
  {
    name: 'claimed-twice',
    guard: 'one booking may have two claims: the voucher is asked for twice',
    file: TABLES,
    find: 'CREATE UNIQUE INDEX "claims_once"',
    replace: 'CREATE INDEX "claims_once"',
    caughtBy: { file: 'test/redemption/claim.test.ts', test: 'of ten at once makes one claim' },
  },
]

export const mutants: readonly Mutant[] = [
  ...timeMutants,
  ...moneyMutants,
  ...peopleMutants,
  ...wireMutants,
]
