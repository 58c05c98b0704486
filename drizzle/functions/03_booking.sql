-- Bookings and their time. `occupancies` is the truth about who has an instrument when; this
-- trigger keeps it in step with the state of the booking whatever program wrote it.

-- The states in which a booking has its time: `liveStates` of the terms.
create or replace function is_live(p_state text) returns boolean
language sql immutable parallel safe as $$
  select p_state in ('held', 'awaiting_approval', 'requested', 'confirmed', 'running')
$$;

create or replace function occupy_booking() returns trigger
language plpgsql as $$
declare
  is_live boolean := is_live(new.state);
  was_live boolean := tg_op = 'UPDATE' and is_live(old.state);
begin
  if is_live and was_live then
    -- A new time is a new booking: moving a row under others is what deadlocks.
    raise exception using errcode = 'YQ001', message = 'booking.wrong_state';
  elsif is_live then
    -- The booking function has taken the time already; whoever else writes takes it here.
    if not exists (select 1 from occupancies where booking_id = new.id) then
      insert into occupancies (instrument_id, occupied, booking_id)
        values (new.instrument_id, occupied_range(new.starts_at, new.ends_at, new.buffer_minutes),
          new.id)
        on conflict do nothing;
      if not found then perform refuse('booking.slot_taken'); end if;
    end if;
  elsif was_live then
    delete from occupancies where booking_id = new.id;
  end if;
  return null;
end $$;

create or replace function occupied_range(p_starts timestamptz, p_ends timestamptz,
  p_buffer integer)
returns tstzrange
language sql stable as $$
  select tstzrange(p_starts, p_ends + make_interval(mins => p_buffer), '[)')
$$;

create or replace trigger bookings_occupy after insert on bookings
  for each row execute function occupy_booking();
-- Only what begins to occupy, ends it, or would move it: most updates are none of these.
create or replace trigger bookings_reoccupy after update on bookings for each row
  when (is_live(old.state) <> is_live(new.state)
    or is_live(new.state)
      and (new.starts_at, new.ends_at, new.instrument_id, new.buffer_minutes)
        is distinct from (old.starts_at, old.ends_at, old.instrument_id, old.buffer_minutes))
  execute function occupy_booking();

create or replace function occupy_outage() returns trigger
language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    delete from occupancies where outage_id = new.id;
  end if;
  if new.lifted_at is null then
    insert into occupancies (instrument_id, occupied, outage_id)
      values (new.instrument_id, tstzrange(new.starts_at, new.ends_at, '[)'), new.id)
      on conflict do nothing;
    if not exists (select 1 from occupancies where outage_id = new.id) then
      raise exception using errcode = 'YQ001', message = 'booking.outage_clashes';
    end if;
  end if;
  return null;
end $$;

create or replace trigger outages_occupy after insert or update on outages
  for each row execute function occupy_outage();

-- Holds that ran out on one instrument and touch this time give it back before anyone asks for it.
create or replace function lapse_holds(p_instrument uuid, p_time tstzrange,
  p_now timestamptz) returns integer
language plpgsql as $$
declare
  lapsed record;
  n integer := 0;
begin
  for lapsed in
    select b.id from occupancies o join bookings b on b.id = o.booking_id
    where o.instrument_id = p_instrument and o.occupied && p_time
      -- As one value, so that no plan walks over all bookings that wait instead.
      and (b.state = 'held' and b.hold_expires_at <= p_now) is true
    order by b.id
  loop
    update bookings set state = 'lapsed' where id = lapsed.id and state = 'held';
    if found then
      perform record_event('booking.lapsed', p_now, null, lapsed.id, lapsed.id);
      n := n + 1;
    end if;
  end loop;
  return n;
end $$;

drop function if exists hold_slot(uuid, uuid, uuid, uuid, uuid, timestamptz, timestamptz, integer,
  integer, timestamptz);
drop function if exists request_booking(uuid, timestamptz, uuid, timestamptz, jsonb);
drop function if exists request_booking(uuid, timestamptz, uuid, timestamptz, jsonb, jsonb,
  idempotency_keys);

-- Takes a slot for some minutes. The time is taken first and without waiting for anybody: of many
-- at once one wins, the others are refused and have touched nothing else. One person's holds are
-- counted one after the other, so that asking at once does not get anybody more of them.
create or replace function hold_slot(
  p_id uuid, p_number text, p_instrument uuid, p_institution uuid, p_enterprise uuid,
  p_requester uuid, p_starts timestamptz, p_ends timestamptz, p_buffer integer,
  p_hold_minutes integer, p_holds_max integer, p_now timestamptz, p_answer idempotency_keys
) returns void
language plpgsql as $$
declare
  taken tstzrange := occupied_range(p_starts, p_ends, p_buffer);
begin
  perform lock_key(p_answer.actor_id, p_answer.key);
  perform pg_advisory_xact_lock(hashtextextended(p_requester::text, 8));
  if (select count(*) from bookings where requester_id = p_requester and state = 'held'
      and hold_expires_at > p_now) >= p_holds_max then
    perform refuse('booking.too_many_holds');
  end if;
  insert into occupancies (instrument_id, occupied, booking_id) values (p_instrument, taken, p_id)
    on conflict do nothing;
  if not found then
    -- What stands in the way may be a hold that ran out.
    if lapse_holds(p_instrument, taken, p_now) > 0 then
      insert into occupancies (instrument_id, occupied, booking_id)
        values (p_instrument, taken, p_id) on conflict do nothing;
    end if;
    if not found then perform refuse('booking.slot_taken'); end if;
  end if;
  insert into bookings (id, number, state, instrument_id, institution_id, enterprise_id,
      requester_id, starts_at, ends_at, buffer_minutes, created_at, hold_expires_at)
    values (p_id, p_number, 'held', p_instrument, p_institution, p_enterprise, p_requester,
      p_starts, p_ends, p_buffer, p_now, p_now + make_interval(mins => p_hold_minutes));
  perform record_event('booking.held', p_now, p_requester, p_id, p_id);
  perform keep_answer(p_answer);
end $$;

-- The first instant of the calendar month of Taiyuan.
create or replace function month_start(p_now timestamptz) returns timestamptz
language sql stable as $$
  select date_trunc('month', p_now at time zone 'Asia/Shanghai') at time zone 'Asia/Shanghai'
$$;

-- What a member asked for on an organisation's account in this calendar month of Taiyuan, in fen;
-- what ended without service does not count. No slot begins before it is asked for, so the index of
-- the organisation's bookings by their time finds them.
create or replace function month_spending(p_user uuid, p_organisation uuid, p_now timestamptz)
returns bigint
language sql stable as $$
  select coalesce(sum(b.total_fen), 0)::bigint from bookings b
  where b.enterprise_id = p_organisation and b.requester_id = p_user
    and b.requested_at >= month_start(p_now)
    and b.starts_at >= month_start(p_now) - interval '1 hour'
    and b.state in ('awaiting_approval', 'requested', 'confirmed', 'running', 'finished', 'closed')
$$;

-- Whether the total is above a member's limits, so that an administrator has to approve it.
create or replace function is_above_limits(p_membership uuid, p_total bigint, p_now timestamptz)
returns boolean
language sql stable as $$
  select coalesce(p_total > m.order_limit_fen, false)
    or m.month_limit_fen is not null and p_total > m.month_limit_fen
      - month_spending(m.user_id, m.organisation_id, p_now)
  from memberships m where m.id = p_membership
$$;

-- held -> requested, or awaiting_approval above the member's limits: payer and beneficiary named,
-- price frozen, quota earmarked, agreement signed, event recorded, all or nothing. Answers the
-- state it came to and keeps the answer of that state. The requester is whoever asks; only their
-- own hold changes its payer. With a limit (`p_limited`) one person's requests are counted one
-- after the other, so that asking at once does not spend the month twice.
create or replace function request_booking(
  p_id uuid, p_now timestamptz, p_actor uuid, p_payer uuid, p_limited uuid,
  p_answer_due timestamptz, p_approval_due timestamptz, p_terms jsonb, p_agreement jsonb,
  p_waiting idempotency_keys, p_answer idempotency_keys
) returns text
language plpgsql as $$
declare
  booking bookings;
  earmark uuid;
  total bigint := (p_terms ->> 'totalFen')::bigint;
  waits boolean := false;
begin
  perform lock_key(p_answer.actor_id, p_answer.key);
  if p_limited is not null then
    perform pg_advisory_xact_lock(hashtextextended(p_actor::text, 8));
    waits := is_above_limits(p_limited, total, p_now);
  end if;
  select * into booking from bookings where id = p_id for no key update;
  if booking.state is distinct from 'held' or booking.hold_expires_at <= p_now then
    perform refuse(case when booking.state in ('held', 'lapsed') then 'booking.hold_lapsed'
      else 'booking.wrong_state' end);
  end if;
  if p_payer <> booking.enterprise_id and p_actor <> booking.requester_id then
    perform refuse('booking.no_such_booking');
  end if;
  if (p_terms ->> 'voucherFen')::bigint > 0 then
    earmark := earmark_quota((p_terms ->> 'programmeId')::uuid, p_payer,
      booking.institution_id, p_id, (p_terms ->> 'voucherFen')::bigint, p_now, p_actor);
  end if;
  update bookings set
      state = case when waits then 'awaiting_approval' else 'requested' end,
      requester_id = p_actor, enterprise_id = p_payer,
      beneficiary_id = (p_terms ->> 'beneficiaryId')::uuid,
      requested_at = p_now, answer_due_at = case when waits then null else p_answer_due end,
      approval_due_at = case when waits then p_approval_due end,
      service_mode = p_terms ->> 'serviceMode', samples = (p_terms ->> 'samples')::integer,
      sample_names = array(select jsonb_array_elements_text(p_terms -> 'sampleNames')),
      purpose = p_terms ->> 'purpose', preparation = p_terms ->> 'preparation',
      service_direction = p_terms ->> 'serviceDirection',
      confidentiality = p_terms ->> 'confidentiality',
      tariff_id = (p_terms ->> 'tariffId')::uuid, price = p_terms -> 'price', total_fen = total,
      programme_id = (p_terms ->> 'programmeId')::uuid,
      voucher_fen = (p_terms ->> 'voucherFen')::bigint, earmark_id = earmark
    where id = p_id;
  insert into agreements (booking_id, notice_id, matters, hash, created_at)
    values (p_id, (p_agreement ->> 'noticeId')::uuid, p_agreement -> 'matters',
      p_agreement ->> 'hash', p_now);
  insert into acknowledgements (booking_id, notice_id, stage, user_id, organisation_id, at, hash)
    values (p_id, (p_agreement ->> 'noticeId')::uuid, 'booking', p_actor, p_payer,
      p_now, p_agreement ->> 'signature');
  if waits then
    perform record_event('booking.approval_asked', p_now, p_actor, p_id, p_id);
    perform keep_answer(p_waiting);
    return 'awaiting_approval';
  end if;
  perform record_event('booking.requested', p_now, p_actor, p_id, p_id);
  perform keep_answer(p_answer);
  return 'requested';
end $$;

-- One step of the state machine: only from the states given, with its event; a booking that dies
-- gives its earmark back.
create or replace function move_booking(
  p_id uuid, p_from text[], p_to text, p_event text, p_now timestamptz, p_actor uuid
) returns void
language plpgsql as $$
declare
  booking bookings;
begin
  update bookings set state = p_to where id = p_id
    and state = any (p_from) returning * into booking;
  if not found then perform refuse('booking.wrong_state'); end if;
  if p_to in ('lapsed', 'declined', 'cancelled', 'displaced', 'no_show')
    and booking.earmark_id is not null then
    perform resolve_earmark(booking.earmark_id, 0, p_now, p_actor, p_event);
  end if;
  perform record_event(p_event, p_now, p_actor, p_id, p_id);
end $$;

-- The quotas behind the earmarks of many bookings, taken in the ledger's order before the first is
-- touched: who ends several bookings at once would otherwise take them in the bookings' order.
create or replace function lock_earmarks(p_bookings uuid[]) returns void
language plpgsql as $$
begin
  perform 1 from accounts where id in (
      select t.debit_account_id from bookings b join transfers t on t.id = b.earmark_id
      where b.id = any (p_bookings))
    order by id for no key update;
end $$;

-- Out of service: bookings in that time are displaced (holds lapse), a running session refuses it.
create or replace function declare_outage(
  p_id uuid, p_instrument uuid, p_starts timestamptz, p_ends timestamptz, p_kind text, p_note text,
  p_now timestamptz, p_actor uuid
) returns integer
language plpgsql as $$
declare
  affected bookings;
  affected_ids uuid[];
  displaced integer := 0;
begin
  select array_agg(booking_id order by booking_id) into affected_ids from occupancies
    where instrument_id = p_instrument and booking_id is not null
      and occupied && tstzrange(p_starts, p_ends, '[)');
  perform 1 from bookings where id = any (affected_ids) order by id for no key update;
  perform lock_earmarks(affected_ids);
  -- Read again: what was cancelled meanwhile is no longer affected.
  for affected in select * from bookings where id = any (affected_ids) order by id
  loop
    if affected.state = 'running' then
      perform refuse('booking.outage_clashes');
    elsif affected.state = 'held' then
      perform move_booking(affected.id, array['held'], 'lapsed', 'booking.lapsed', p_now, p_actor);
    elsif affected.state in ('awaiting_approval', 'requested', 'confirmed') then
      perform move_booking(affected.id, array[affected.state], 'displaced', 'booking.displaced',
        p_now, p_actor);
      displaced := displaced + 1;
    end if;
  end loop;
  insert into outages (id, instrument_id, starts_at, ends_at, kind, note, declared_by)
    values (p_id, p_instrument, p_starts, p_ends, p_kind, p_note, p_actor);
  perform record_event('outage.declared', p_now, p_actor, p_id, null);
  return displaced;
end $$;
