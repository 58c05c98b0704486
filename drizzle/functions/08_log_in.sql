-- One-time codes, second factors and refresh tokens: what must count or end though the caller is
-- refused is one statement of its own.

-- Keeps a code within the limits; answers the refusal, or null. One at a time per number.
create or replace function keep_code(
  p_id uuid, p_phone text, p_hash text, p_now timestamptz, p_expires timestamptz, p_address text,
  p_hour_max integer, p_day_max integer, p_address_hour_max integer, p_all_day_max integer
) returns text
language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(p_phone, 11));
  if exists (select from log_in_codes where phone_index = p_phone
      and created_at > p_now - interval '1 minute') then
    return 'identity.code_too_soon';
  end if;
  if (select count(*) from log_in_codes where phone_index = p_phone
        and created_at > p_now - interval '1 hour') >= p_hour_max
    or (select count(*) from log_in_codes where phone_index = p_phone
        and created_at > p_now - interval '1 day') >= p_day_max
    or (select count(*) from log_in_codes where address = p_address
        and created_at > p_now - interval '1 hour') >= p_address_hour_max
    or (select count(*) from log_in_codes where created_at > p_now - interval '1 day')
        >= p_all_day_max then
    return 'identity.code_limit';
  end if;
  -- A new code replaces the one before it.
  update log_in_codes set used_at = p_now where phone_index = p_phone and used_at is null;
  insert into log_in_codes (id, phone_index, code_hash, expires_at, created_at, address)
    values (p_id, p_phone, p_hash, p_expires, p_now, p_address);
  return null;
end $$;

-- Counts a try and says whether the code was right; a right one is used up.
create or replace function use_code(
  p_id uuid, p_phone text, p_hash text, p_now timestamptz, p_tries_max integer
) returns boolean
language plpgsql as $$
declare
  code log_in_codes;
begin
  update log_in_codes set tries = tries + 1
    where id = p_id and phone_index = p_phone and used_at is null and expires_at > p_now
    returning * into code;
  if not found or code.tries > p_tries_max or code.code_hash <> p_hash then return false; end if;
  update log_in_codes set used_at = p_now where id = p_id;
  return true;
end $$;

-- Takes the code of a time step: later than the last one taken, so that none works twice.
create or replace function take_step(
  p_factor uuid, p_step bigint, p_now timestamptz, p_tries_max integer, p_block_minutes integer
) returns text
language plpgsql as $$
declare
  factor factors;
begin
  select * into factor from factors where id = p_factor for no key update;
  if factor.blocked_until > p_now then return 'blocked'; end if;
  if p_step is not null and p_step > factor.last_step then
    update factors set last_step = p_step, tries = 0, blocked_until = null where id = p_factor;
    return 'right';
  end if;
  update factors set tries = case when tries + 1 >= p_tries_max then 0 else tries + 1 end,
      blocked_until = case when tries + 1 >= p_tries_max
        then p_now + make_interval(mins => p_block_minutes) end
    where id = p_factor;
  return 'wrong';
end $$;

-- The next generation of a log-in's refresh token. The one before gets the same answer again for a
-- moment; any older one ends the log-in.
create or replace function refresh_log_in(
  p_id uuid, p_generation integer, p_now timestamptz, p_grace_ms integer,
  p_idle_ms bigint, p_staff_idle_ms bigint
) returns table (verdict text, user_id uuid, methods text[], generation integer)
language plpgsql as $$
#variable_conflict use_column
declare
  login log_ins;
  idle_ms bigint;
begin
  select * into login from log_ins where id = p_id for no key update;
  if not found then return; end if;
  idle_ms := case when login.expires_at - login.created_at <= interval '1 day'
    then p_staff_idle_ms else p_idle_ms end;
  if login.revoked_at is not null or login.expires_at <= p_now
    or login.rotated_at < p_now - make_interval(secs => idle_ms / 1000.0) then
    verdict := 'over';
  elsif p_generation = login.generation then
    update log_ins set generation = login.generation + 1, rotated_at = p_now, seen_at = p_now
      where id = p_id;
    verdict := 'fresh';
  elsif p_generation = login.generation - 1
    and login.rotated_at > p_now - make_interval(secs => p_grace_ms / 1000.0) then
    verdict := 'repeated';
  else
    update log_ins set revoked_at = p_now, revoked_reason = 'token_reused' where id = p_id;
    verdict := 'reused';
  end if;
  return query select verdict, login.user_id, login.methods,
    case verdict when 'fresh' then login.generation + 1 else login.generation end;
end $$;
