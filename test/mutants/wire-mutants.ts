import type { Mutant } from './mutants.ts'

const KERNEL = 'drizzle/functions/01_kernel.sql'
const BOOKING = 'drizzle/functions/03_booking.sql'
const CONNECT = 'server/kernel/connect.ts'
const POOL = 'server/kernel/pool.ts'
const IDEMPOTENCY = 'server/kernel/idempotency.ts'
const KEYS = 'test/http/idempotency.test.ts'
const CONNECTIONS = 'test/kernel/connect.test.ts'

/** Guards of what is acknowledged: idempotency keys, transactions, connections. */
export const wireMutants: readonly Mutant[] = [
  {
    name: 'hold-keeps-no-answer',
    guard: 'a hold does not keep its answer: asked again, it is refused as taken by itself',
    file: BOOKING,
    find: `  perform record_event('booking.held', p_now, p_requester, p_id, p_id);
  perform keep_answer(p_answer);`,
    replace: "  perform record_event('booking.held', p_now, p_requester, p_id, p_id);",
    caughtBy: { file: KEYS, test: 'gives the same answer again, byte for byte' },
  },
  {
    name: 'request-keeps-no-answer',
    guard: 'a request does not keep its answer',
    file: BOOKING,
    find: `  perform record_event('booking.requested', p_now, p_actor, p_id, p_id);
  perform keep_answer(p_answer);`,
    replace: "  perform record_event('booking.requested', p_now, p_actor, p_id, p_id);",
    caughtBy: { file: KEYS, test: 'of a request in one call gives its answer again' },
  },
  {
    name: 'answer-kept-elsewhere',
    guard: 'the answer is kept by another transaction than the change: one may be there alone',
    file: IDEMPOTENCY,
    find: 'await tx.sql`select keep_answer(',
    replace: 'await ctx.sql`select keep_answer(',
    caughtBy: { file: KEYS, test: 'at commit is taken back too, in one transaction' },
  },
  {
    name: 'key-used-again',
    guard: 'a key that is taken does not stop a write: other content under it is done as well',
    file: KERNEL,
    find: 'insert into idempotency_keys select p_answer.*;',
    replace: 'insert into idempotency_keys select p_answer.* on conflict do nothing;',
    caughtBy: { file: KEYS, test: 'with other content is refused' },
  },
  {
    name: 'content-ignored',
    guard: 'the same key with other content gets the answer to what it did not ask',
    file: IDEMPOTENCY,
    find: "if (kept.contentHash !== asked.hash) throw new Refusal('kernel.key_reused')",
    replace: '',
    caughtBy: { file: KEYS, test: 'with other content is refused' },
  },
  {
    name: 'refusal-denies-what-was-done',
    guard: 'a key that cannot be looked up counts as unused: what was done is refused as new',
    file: IDEMPOTENCY,
    find: "if (kept === NOT_ASKED) throw undecided ? error : new Refusal('kernel.outcome_unknown')",
    replace: 'if (kept === NOT_ASKED) throw error',
    caughtBy: { file: KEYS, test: 'that cannot be looked up is answered as unknown' },
  },
  {
    name: 'keys-shared',
    guard: 'a key is everybody’s: one person gets the answer of another',
    file: 'server/kernel/serve.ts',
    find: "'userId' in ctx.actor ? ctx.actor.userId : ctx.actor.kind",
    replace: 'ctx.actor.kind',
    caughtBy: { file: KEYS, test: 'is the person’s own' },
  },
  {
    name: 'twin-not-told',
    guard: 'a second request with the key goes ahead while the first is at work',
    file: KERNEL,
    find: "    perform refuse('kernel.in_progress');",
    replace: '    null;',
    caughtBy: { file: KEYS, test: 'whose first request is still at work is told so' },
  },
  {
    name: 'transaction-without-lock',
    guard: 'a write in one transaction locks another key than its own',
    file: IDEMPOTENCY,
    find: 'await tx.sql`select lock_key(',
    replace: "await tx.sql`select lock_key('another ' || ",
    caughtBy: { file: KEYS, test: 'still at work is told so, in one transaction' },
  },
  {
    name: 'commit-tag-ignored',
    guard: 'whatever the database says at the end counts as kept, ROLLBACK too',
    file: CONNECT,
    find: "if (done !== 'COMMIT') throw",
    replace: "if (done === '') throw",
    caughtBy: { file: CONNECTIONS, test: 'inTransaction' },
  },
  {
    name: 'unknown-told-as-not-done',
    guard: 'a commit without an answer is told as not done, though it may be',
    file: CONNECT,
    find: 'return isLineError(error) ? unknownOutcome(error) : error',
    replace: 'return isLineError(error) ? notDone(error) : error',
    caughtBy: { file: CONNECTIONS, test: 'after the commit was sent leaves the outcome unknown' },
  },
  {
    name: 'sent-after-the-end',
    guard: 'a query that comes after its transaction is sent all the same, outside of it',
    file: CONNECT,
    find: `if (over) query.reject(new Error('a query came after the end of its transaction'))
    else line.send(query)`,
    replace: 'line.send(query)',
    caughtBy: { file: CONNECTIONS, test: 'a query after the end of its transaction is refused' },
  },
  {
    name: 'no-deadline',
    guard: 'a query waits for its answer for ever',
    file: POOL,
    find: 'timer: deadlineMs === 0 ? undefined : setTimeout(late, deadlineMs)',
    replace: 'timer: undefined',
    caughtBy: { file: CONNECTIONS, test: 'a query without an answer in time' },
  },
  {
    name: 'line-opened-again',
    guard:
      'a connection that was lost while it opened is opened again, and its query sent after all',
    file: CONNECT,
    find: "if (socket !== null) throw lineError(lineErrors.unreachable, 'a line is opened only once')",
    replace: '',
    caughtBy: { file: CONNECTIONS, test: 'while it was being opened is not opened again' },
  },
  {
    name: 'event-lost-on-delivery',
    guard: 'an event leaves the queue before it is delivered: who is interrupted has lost it',
    file: 'server/worker.ts',
    find: 'await asActor(ctx, (tx) => drainEvents(tx, deliverEvents, BATCH))',
    replace: 'await drainEvents(ctx, deliverEvents, BATCH)',
    caughtBy: { script: 'test/faults/run.ts --seconds 45 --seed 1', says: 'was delivered 0 times' },
  },
  {
    name: 'commit-not-on-disk',
    guard: 'a commit is acknowledged before it is on the disk: a crash takes it back',
    file: CONNECT,
    find: "synchronous_commit: 'on'",
    replace: "synchronous_commit: 'off'",
    caughtBy: { script: 'test/faults/run.ts --seconds 45 --seed 1', says: 'wrong: lost:' },
  },
]
