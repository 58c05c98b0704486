-- What must hold whatever happened, in the words of queries: each function answers a row for every
-- thing that is not so, and none when all is well. The worker asks every few minutes, the tests
-- after everything they do.

-- The state machines as their events tell them: each event leads from one of these states to one.
-- '' is what was not there yet. A session is walked by its booking, as its events are written.
create or replace view state_edges as
  select machine, event, unnest(from_states) as from_state, to_state
  from (values
    ('booking', 'booking.held', array[''], 'held'),
    ('booking', 'booking.approval_asked', array['held'], 'awaiting_approval'),
    ('booking', 'booking.requested', array['held', 'awaiting_approval'], 'requested'),
    ('booking', 'booking.spending_refused', array['awaiting_approval'], 'cancelled'),
    ('booking', 'booking.confirmed', array['requested'], 'confirmed'),
    ('booking', 'booking.declined', array['requested'], 'declined'),
    ('booking', 'booking.cancelled',
      array['held', 'awaiting_approval', 'requested', 'confirmed'], 'cancelled'),
    ('booking', 'booking.displaced', array['awaiting_approval', 'requested', 'confirmed'],
      'displaced'),
    ('booking', 'booking.lapsed', array['held', 'awaiting_approval', 'requested'], 'lapsed'),
    ('booking', 'booking.missed', array['confirmed'], 'no_show'),
    ('booking', 'session.started', array['confirmed'], 'running'),
    ('booking', 'session.finished', array['running'], 'finished'),
    ('booking', 'session.agreed', array['finished'], 'closed'),
    ('session', 'session.started', array[''], 'running'),
    ('session', 'session.advanced', array['running'], 'running'),
    ('session', 'session.finished', array['running'], 'finished'),
    ('session', 'session.disputed', array['finished'], 'disputed'),
    ('session', 'session.adjusted', array['disputed'], 'finished'),
    ('session', 'session.agreed', array['finished'], 'agreed'),
    ('claim', 'claim.opened', array[''], 'draft'),
    ('claim', 'claim.submitted', array['draft', 'returned'], 'submitted'),
    ('claim', 'claim.withdrawn', array['draft', 'submitted', 'returned'], 'withdrawn'),
    ('claim', 'claim.bound:binding', array['submitted'], 'bound'),
    ('claim', 'claim.reviewed:city', array['submitted', 'bound'], 'city_reviewed'),
    ('claim', 'claim.reviewed:province', array['submitted', 'bound', 'city_reviewed'],
      'province_reviewed'),
    ('claim', 'claim.returned', array['submitted', 'bound', 'city_reviewed'], 'returned'),
    ('claim', 'claim.publicised',
      array['submitted', 'bound', 'city_reviewed', 'province_reviewed'], 'publicised'),
    ('claim', 'claim.approved',
      array['submitted', 'bound', 'city_reviewed', 'province_reviewed', 'publicised'], 'approved'),
    ('claim', 'claim.paid', array['approved'], 'paid'),
    ('claim', 'claim.reconciled', array['paid'], 'reconciled'),
    ('batch', 'batch.opened', array[''], 'open'),
    ('batch', 'batch.publicised', array['open'], 'publicised'),
    ('batch', 'batch.approved', array['open', 'publicised'], 'approved'),
    ('batch', 'batch.instructed', array['approved'], 'instructed'),
    ('batch', 'batch.returned', array['instructed', 'returned'], 'returned'),
    ('batch', 'batch.reconciled', array['returned'], 'reconciled')
  ) as edges (machine, event, from_states, to_state);

-- Every event that is a step of a machine. A booking's session and claims are found by the booking.
create or replace view state_steps as
  select s.machine, case when s.machine in ('booking', 'session') then e.booking_id
      else e.subject_id end as subject, e.booking_id, e.subject_id, e.seq, s.event, s.to_state
  from events e join (select distinct machine, event, to_state from state_edges) s
    on s.event = e.name || coalesce(':' || (e.detail ->> 'review'), '');

-- The smallest id that `new_id` makes at this time.
create or replace function first_id_at(p_at timestamptz) returns uuid
language sql immutable as $$
  select rpad(lpad(to_hex(floor(extract(epoch from p_at) * 1000)::bigint), 12, '0') || '7000', 32,
    '0')::uuid
$$;

-- I1: no two live bookings or outages of an instrument overlap, and exactly they occupy it.
create or replace function broken_time() returns table (invariant text, subject text, detail text)
language sql stable as $$
  with taken as (
    select id, instrument_id, occupied_range(starts_at, ends_at, buffer_minutes) as during
      from bookings where is_live(state)
    union all
    select id, instrument_id, tstzrange(starts_at, ends_at, '[)') from outages
      where lifted_at is null
  ), ordered as (
    select id, instrument_id, during, max(upper(during)) over (partition by instrument_id
      order by lower(during), id rows between unbounded preceding and 1 preceding) as busy_until
    from taken
  )
  select 'I1', id::text, format('instrument %s is taken twice in %s', instrument_id, during)
    from ordered where lower(during) < busy_until
  union all
  select 'I1', coalesce(t.id, o.booking_id, o.outage_id)::text,
      format('takes %s of instrument %s, and occupies %s of %s', t.during, t.instrument_id,
        o.occupied, o.instrument_id)
    from taken t full join occupancies o on t.id = coalesce(o.booking_id, o.outage_id)
    where (t.instrument_id, t.during) is distinct from (o.instrument_id, o.occupied)
$$;

-- I2: the ledger sums to zero and each account is what its transfers say. I3: only a treasury falls
-- below zero, and what was issued is available, earmarked or posted. Accounts moved since `p_from`.
create or replace function broken_ledger(p_from uuid)
returns table (invariant text, subject text, detail text)
language sql stable as $$
  with moved as (
    select debit_account_id as id from transfers where id >= p_from
    union select credit_account_id from transfers where id >= p_from
    union select id from accounts where id >= p_from
  ), sums as (
    select a.*, a.credits_posted - a.debits_posted - a.debits_pending as available
    from accounts a join moved using (id)
  ), quotas_told as (
    select s.code, s.available,
      coalesce(sum(t.amount_fen) filter (where t.kind = 'issue'), 0) as issued,
      coalesce(sum(t.amount_fen) filter (where t.kind = 'post'), 0) as posted,
      coalesce(sum(t.amount_fen) filter (where t.pending and not exists (
        select from transfers r where r.resolves_id = t.id)), 0) as earmarked
    from sums s left join transfers t on t.debit_account_id = s.id or t.credit_account_id = s.id
    where s.kind = 'quota' group by s.code, s.available
  )
  select 'I2', 'ledger', format('sums to %s', sum(credits_posted - debits_posted))
    from accounts having sum(credits_posted - debits_posted) <> 0
  union all
  select 'I2', s.code, format('holds %s, its transfers say %s',
      (s.credits_posted, s.debits_posted, s.debits_pending),
      (r.credits_posted, r.debits_posted, r.debits_pending))
    from sums s join accounts_recomputed r using (id)
    where (s.credits_posted, s.debits_posted, s.debits_pending)
      <> (r.credits_posted, r.debits_posted, r.debits_pending)
  union all
  select 'I3', code, format('balance %s, pending %s', available, debits_pending)
    from sums where debits_pending < 0 or (available < 0 and kind <> 'treasury')
  union all
  select 'I3', code, format('issued %s, available %s, earmarked %s, posted %s', issued, available,
      earmarked, posted)
    from quotas_told where issued <> available + earmarked + posted
$$;

-- I4: a booking has one earmark at most, resolved once and only when it must be; a claim has its
-- own closed booking. Of the bookings given.
create or replace function broken_earmarks(p_bookings uuid[])
returns table (invariant text, subject text, detail text)
language sql stable as $$
  with touched as (select * from bookings where id = any (p_bookings)),
  earmarks as (
    select e.*, (select count(*) from transfers r where r.resolves_id = e.id) as resolved
    from transfers e where e.kind = 'earmark' and e.booking_id = any (p_bookings)
  )
  select 'I4', booking_id::text, format('has %s earmarks', count(*))
    from earmarks group by booking_id having count(*) > 1
  union all
  select 'I4', id::text, format('is resolved %s times', resolved) from earmarks where resolved > 1
  union all
  select 'I4', b.id::text, format('is %s with %s fen of voucher, its earmark has %s', b.state,
      b.voucher_fen, coalesce(e.amount_fen, 0))
    from touched b left join earmarks e on e.booking_id = b.id
    where b.earmark_id is distinct from e.id or b.voucher_fen <> coalesce(e.amount_fen, 0)
  union all
  select 'I4', b.id::text, format('is %s, its earmark is resolved %s times', b.state, e.resolved)
    from touched b join earmarks e on e.id = b.earmark_id
    where case when is_live(b.state) or b.state = 'finished'
        then e.resolved > 0
      when b.state <> 'closed' then e.resolved = 0 else false end
  union all
  select 'I4', c.booking_id::text, format('is claimed %s times', count(*))
    from claims c where c.booking_id = any (p_bookings)
      and c.state not in ('withdrawn', 'rejected') group by c.booking_id having count(*) > 1
  union all
  select 'I4', c.id::text, format('claims for a booking that is %s', coalesce(b.state, 'not there'))
    from claims c left join bookings b on b.id = c.booking_id
    where c.booking_id = any (p_bookings)
      and (b.state, b.programme_id) is distinct from ('closed', c.programme_id)
$$;

-- I8: every step starts where the one before it ended, along an edge. I7: the last one led to the
-- state that is there now. Of the bookings and batches given.
create or replace function broken_history(p_bookings uuid[], p_batches uuid[])
returns table (invariant text, subject text, detail text)
language sql stable as $$
  with steps as (
    select * from state_steps where machine <> 'batch' and booking_id = any (p_bookings)
    union all
    select * from state_steps where machine = 'batch' and subject_id = any (p_batches)
  ), walked as (
    select machine, subject, event, to_state,
      coalesce(lag(to_state) over history, '') as from_state,
      lead(seq) over history is null as is_last
    from steps window history as (partition by machine, subject order by seq)
  ), states as (
    select 'booking' as machine, id as subject, state from bookings where id = any (p_bookings)
    union all
    select 'session', booking_id, state from sessions where booking_id = any (p_bookings)
    union all
    select 'claim', id, state from claims where booking_id = any (p_bookings)
    union all
    select 'batch', id, state from batches where id = any (p_batches)
  )
  select 'I8', subject::text, format('%s: %s came after "%s"', machine, event, from_state)
    from walked w where not exists (select from state_edges e
      where (e.machine, e.event, e.from_state) = (w.machine, w.event, w.from_state))
  union all
  select 'I7', subject::text, format('%s: is %s, its events say %s', machine,
      coalesce(s.state, 'not there'), coalesce(w.to_state, 'nothing'))
    from states s full join (select * from walked where is_last) w using (machine, subject)
    where s.state is distinct from w.to_state
$$;

-- The events that the inbox brings to who booked and for whom, or to who made the claim.
create or replace view events_told as
  select unnest(array['booking.confirmed', 'booking.declined', 'booking.displaced',
    'booking.spending_approved', 'booking.spending_refused', 'session.started', 'session.finished', 'session.adjusted', 'bill.issued',
    'bill.receipt_confirmed', 'claim.returned', 'claim.paid']) as name;

-- I7, the rest: bills and outages have their events, what waits in the queue happened, and who is
-- to be told was told once as soon as the event has left the queue.
create or replace function broken_events(p_from uuid)
returns table (invariant text, subject text, detail text)
language sql stable as $$
  with effects as (
    select l.id, 'bill.issued' as event from bills l join bookings b on b.id = l.booking_id
      where l.id >= p_from and b.state = 'closed'
    union all select id, 'outage.declared' from outages
    union all select id, 'outage.lifted' from outages where lifted_at is not null
  ), told as (
    select e.id, e.name, e.actor_id, reader.user_id
    from events e join bookings b on b.id = e.booking_id left join claims c on c.id = e.subject_id
      cross join lateral unnest(case when e.name like 'claim.%' then array[c.created_by]
        else array[b.requester_id, b.beneficiary_id] end) as reader (user_id)
    where reader.user_id is not null and e.id >= p_from
      and not exists (select from event_queue q where q.event_id = e.id)
      and e.name in (select name from events_told)
  )
  select 'I7', id::text, format('has no event %s', event) from effects f
    where not exists (select from events e where e.subject_id = f.id and e.name = f.event)
  union all
  select 'I7', q.event_id::text, 'waits in the queue and never happened'
    from event_queue q left join events e on e.id = q.event_id where e.id is null
  union all
  select 'I7', t.id::text, format('%s was delivered %s times to user %s', t.name, x.n, t.user_id)
    from told t cross join lateral (select count(*) as n from inbox_entries i
      where (i.user_id, i.event_id) = (t.user_id, t.id)) x
    where x.n <> 1 and t.user_id is distinct from t.actor_id
$$;

-- Everything above, I9 (`broken_audit`) and I10: no hold is older than its ten minutes and one.
-- Whole by default; with `p_recent` the history is walked only of what was touched in that time.
create or replace function broken_invariants(p_now timestamptz, p_recent interval default null)
returns table (invariant text, subject text, detail text)
language plpgsql stable as $$
declare
  first_id uuid := case when p_recent is null then '00000000-0000-0000-0000-000000000000'
    else first_id_at(clock_timestamp() - p_recent) end;
  bookings_touched uuid[] := array(
    select id from bookings where id >= first_id
    union select booking_id from events where id >= first_id and booking_id is not null);
  batches_touched uuid[] := array(
    select id from batches where id >= first_id
    union select subject_id from events where id >= first_id and name like 'batch.%');
begin
  return query
    select * from broken_time()
    union all select * from broken_ledger(first_id)
    union all select * from broken_earmarks(bookings_touched)
    union all select * from broken_history(bookings_touched, batches_touched)
    union all select * from broken_events(first_id)
    union all select * from broken_audit(first_id)
    union all select 'I10', b.id::text, format('held since %s', b.created_at) from bookings b
      where b.state = 'held' and b.hold_expires_at < p_now - interval '60 seconds'
    union all select 'I10', b.id::text, format('waits for approval since %s', b.requested_at)
      from bookings b where b.state = 'awaiting_approval'
        and b.approval_due_at < p_now - interval '60 seconds';
end $$;
