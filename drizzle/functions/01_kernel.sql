-- A refusal raised in SQL: the message is the code that the program answers with.
create or replace function refuse(code text) returns void
language plpgsql as $$
begin
  raise exception using errcode = 'YQ001', message = code;
end $$;

-- Rows that are history: no update, no delete, no truncate.
create or replace function refuse_change() returns trigger
language plpgsql as $$
begin
  raise exception using errcode = 'YQ002', message = 'voucher.immutable',
    detail = format('%s on %s', tg_op, tg_table_name);
end $$;

create or replace trigger events_immutable before update or delete on events
  for each row execute function refuse_change();
create or replace trigger events_no_truncate before truncate on events
  for each statement execute function refuse_change();

-- Every event waits for its listeners in the queue; the row commits with the effect.
create or replace function queue_event() returns trigger
language plpgsql as $$
begin
  insert into event_queue (event_id, seq) values (new.id, new.seq);
  return null;
end $$;

create or replace trigger events_queue after insert on events
  for each row execute function queue_event();

create or replace function record_event(
  p_name text, p_now timestamptz, p_actor uuid, p_subject uuid, p_booking uuid,
    p_detail jsonb default '{}'
) returns uuid
language sql as $$
  insert into events (at, name, actor_id, subject_id, booking_id, detail)
  values (p_now, p_name, p_actor, p_subject, p_booking, p_detail)
  returning id
$$;

-- Numbers people read: prefix, month in Taiyuan, and a sequence of at least four digits.
create or replace function next_number(p_prefix text, p_sequence regclass,
  p_now timestamptz) returns text
language sql volatile as $$
  select p_prefix || to_char(p_now at time zone 'Asia/Shanghai', 'YYMM') || '-'
    || case when n < 10000 then lpad(n::text, 4, '0') else n::text end
  from (select nextval(p_sequence) as n) as drawn
$$;

-- One at a time per person and key; whoever comes meanwhile is told so and does not wait. A write
-- without a key locks nothing.
create or replace function lock_key(p_owner text, p_key text) returns void
language plpgsql as $$
begin
  if not pg_try_advisory_xact_lock(hashtextextended(p_owner || ' ' || p_key, 7)) then
    perform refuse('kernel.in_progress');
  end if;
end $$;

-- Keeps the answer to a write under its key, in the transaction of the write. A key that was used
-- meanwhile breaks the primary key, and with it the whole write. Null: the write had no key.
create or replace function keep_answer(p_answer idempotency_keys) returns void
language plpgsql as $$
begin
  if p_answer.key is null then return; end if;
  insert into idempotency_keys select p_answer.*;
end $$;
