-- The double-entry ledger. A transfer moves fen from its debit account to its credit account.
-- Balance of an account = credits posted - debits posted; what is pending is still there but can no
-- longer be spent.

-- Only this trigger changes the sums of an account. Both rows are taken in id order and not as keys
-- (the foreign keys of other transfers hold those), so single transfers never deadlock; whoever
-- makes several in one transaction takes their accounts first (lock_earmarks).
create or replace function apply_transfer() returns trigger
language plpgsql as $$
declare
  earmark transfers;
begin
  if new.resolves_id is not null then
    select * into earmark from transfers where id = new.resolves_id;
    if not found or not earmark.pending or earmark.debit_account_id <> new.debit_account_id
      or new.kind not in ('post', 'release', 'lapse') or new.amount_fen > earmark.amount_fen
      or (new.kind <> 'post' and new.amount_fen <> earmark.amount_fen) then
      raise exception using errcode = 'YQ001', message = 'voucher.earmark_resolved';
    end if;
  elsif new.kind in ('post', 'release') or (new.pending and new.kind <> 'earmark') then
    raise exception using errcode = 'YQ001', message = 'voucher.earmark_resolved';
  end if;

  if new.pending then
    update accounts set debits_pending = debits_pending + new.amount_fen
      where id = new.debit_account_id;
  elsif new.resolves_id is not null and new.kind <> 'post' then
    update accounts set debits_pending = debits_pending - earmark.amount_fen
      where id = new.debit_account_id;
  else
    perform 1 from accounts where id in (new.debit_account_id,
      new.credit_account_id) order by id for no key update;
    update accounts
      set debits_posted = debits_posted + new.amount_fen,
          debits_pending = debits_pending - coalesce(earmark.amount_fen, 0)
      where id = new.debit_account_id;
    update accounts set credits_posted = credits_posted + new.amount_fen
      where id = new.credit_account_id;
  end if;
  return null;
end $$;

create or replace trigger transfers_apply after insert on transfers
  for each row execute function apply_transfer();
create or replace trigger transfers_immutable before update or delete on transfers
  for each row execute function refuse_change();
create or replace trigger transfers_no_truncate before truncate on transfers
  for each statement execute function refuse_change();

-- Sums change only inside the trigger above.
create or replace function refuse_account_edit() returns trigger
language plpgsql as $$
begin
  if pg_trigger_depth() < 2 and (new.debits_posted, new.credits_posted, new.debits_pending)
    is distinct from (old.debits_posted, old.credits_posted, old.debits_pending) then
    raise exception using errcode = 'YQ002', message = 'voucher.immutable';
  end if;
  return new;
end $$;

create or replace trigger accounts_by_transfer_only before update on accounts
  for each row execute function refuse_account_edit();

-- An account is born with zero sums.
create or replace function refuse_account_sums() returns trigger
language plpgsql as $$
begin
  if (new.debits_posted, new.credits_posted, new.debits_pending) <> (0, 0, 0) then
    raise exception using errcode = 'YQ002', message = 'voucher.immutable';
  end if;
  return new;
end $$;

create or replace trigger accounts_born_empty before insert on accounts
  for each row execute function refuse_account_sums();

-- The account with this code, opened when it is first needed.
create or replace function ledger_account(p_code text, p_kind text, p_organisation uuid,
  p_programme uuid)
returns uuid
language plpgsql as $$
declare
  found_id uuid;
begin
  select id into found_id from accounts where code = p_code;
  if found then return found_id; end if;
  insert into accounts (code, kind, organisation_id, programme_id)
    values (p_code, p_kind, p_organisation, p_programme) on conflict (code) do nothing;
  select id into found_id from accounts where code = p_code;
  return found_id;
end $$;

-- Budget from a treasury into a programme. Only a treasury may go below zero.
create or replace function appropriate(
  p_programme uuid, p_funder text, p_amount bigint, p_now timestamptz, p_actor uuid, p_reason text
) returns uuid
language sql as $$
  insert into transfers (at, kind, debit_account_id, credit_account_id, amount_fen, reason,
    actor_id)
  values (p_now, 'appropriation',
    ledger_account('treasury:' || p_funder, 'treasury', null, null),
    (select ledger_account('programme:' || code, 'programme', null, id) from programmes
      where id = p_programme),
    p_amount, p_reason, p_actor)
  returning id
$$;

-- Quota from the programme's budget to an enterprise, never above its yearly cap.
create or replace function issue_quota(
  p_programme uuid, p_enterprise uuid, p_amount bigint, p_now timestamptz, p_actor uuid,
    p_reason text
) returns uuid
language plpgsql as $$
declare
  programme programmes;
  quota_account uuid;
  quota_id uuid;
begin
  select * into programme from programmes where id = p_programme;
  if not found or programme.state <> 'in_force'
    then perform refuse('voucher.programme_closed'); end if;
  quota_account := ledger_account(
    format('quota:%s:%s', p_enterprise, programme.code), 'quota', p_enterprise, p_programme);
  insert into quotas (programme_id, enterprise_id, account_id)
    values (p_programme, p_enterprise, quota_account) on conflict (programme_id,
      enterprise_id) do nothing;
  select id into quota_id from quotas where programme_id = p_programme
    and enterprise_id = p_enterprise;
  perform 1 from accounts where id = quota_account for no key update;
  if p_amount + coalesce((select sum(amount_fen) from transfers
      where credit_account_id = quota_account and kind = 'issue'),
        0) > programme.enterprise_cap_fen then
    perform refuse('voucher.quota_over_cap');
  end if;
  insert into transfers (at, kind, debit_account_id, credit_account_id, amount_fen, reason,
    actor_id)
    values (p_now, 'issue', (select id from accounts where code = 'programme:' || programme.code),
      quota_account, p_amount, p_reason, p_actor);
  perform record_event('quota.issued', p_now, p_actor, quota_id, null);
  return quota_id;
end $$;

-- What is proposed to be issued is born proposed, never changes in content and is decided once. The
-- money moves in the statement that makes it issued, whoever writes that: the two cannot part.
create or replace function keep_quota_issue() returns trigger
language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.state <> 'proposed' then perform refuse('voucher.immutable'); end if;
    return new;
  end if;
  if old.state <> 'proposed' or (new.id, new.programme_id, new.enterprise_id, new.amount_fen,
      new.reason, new.made_by, new.made_at) is distinct from (old.id, old.programme_id,
      old.enterprise_id, old.amount_fen, old.reason, old.made_by, old.made_at) then
    raise exception using errcode = 'YQ002', message = 'voucher.immutable';
  end if;
  return new;
end $$;

create or replace trigger quota_issues_kept before insert or update on quota_issues
  for each row execute function keep_quota_issue();
create or replace trigger quota_issues_stay before delete on quota_issues
  for each row execute function refuse_change();
create or replace trigger quota_issues_no_truncate before truncate on quota_issues
  for each statement execute function refuse_change();

create or replace function pay_quota_issue() returns trigger
language plpgsql as $$
begin
  perform issue_quota(new.programme_id, new.enterprise_id, new.amount_fen, new.checked_at,
    new.checked_by, new.reason);
  return null;
end $$;

create or replace trigger quota_issues_paid after update on quota_issues
  for each row when (new.state = 'issued') execute function pay_quota_issue();

-- 复核: somebody else issues or refuses what was proposed; of several at once the first.
create or replace function check_quota_issue(
  p_issue uuid, p_state text, p_note text, p_now timestamptz, p_actor uuid
) returns void
language plpgsql as $$
begin
  update quota_issues set state = p_state, note = p_note, checked_by = p_actor, checked_at = p_now
    where id = p_issue and state = 'proposed';
  if not found then perform refuse('voucher.issue_checked'); end if;
  if p_state = 'refused' then
    perform record_event('quota.refused', p_now, p_actor, p_issue, null);
  end if;
end $$;

-- Reserves quota for a booking: a pending transfer to whoever will be paid.
create or replace function earmark_quota(
  p_programme uuid, p_enterprise uuid, p_institution uuid, p_booking uuid, p_amount bigint,
  p_now timestamptz, p_actor uuid
) returns uuid
language plpgsql as $$
declare
  quota_account uuid;
  payee uuid;
  earmark_id uuid;
begin
  select account_id into quota_account from quotas
    where programme_id = p_programme and enterprise_id = p_enterprise;
  if not found then perform refuse('voucher.no_quota'); end if;
  select case mode when 'deduct' then p_institution else p_enterprise end into payee
    from programmes where id = p_programme;
  insert into transfers (at, kind, debit_account_id, credit_account_id, amount_fen, pending,
    booking_id, actor_id)
    values (p_now, 'earmark', quota_account, ledger_account('payable:' || payee, 'payable', payee,
      null),
      p_amount, true, p_booking, p_actor)
    returning id into earmark_id;
  return earmark_id;
end $$;

-- Resolves an earmark, once: posts what was really used (the rest is free again), or releases it
-- all at zero.
create or replace function resolve_earmark(
  p_earmark uuid, p_amount bigint, p_now timestamptz, p_actor uuid, p_reason text default null
) returns void
language plpgsql as $$
declare
  earmark transfers;
begin
  select * into earmark from transfers where id = p_earmark;
  insert into transfers (at, kind, debit_account_id, credit_account_id, amount_fen, resolves_id,
    booking_id,
      actor_id, reason)
    values (p_now, case when p_amount > 0 then 'post' else 'release' end, earmark.debit_account_id,
      earmark.credit_account_id, case when p_amount > 0 then p_amount else earmark.amount_fen end,
      earmark.id, earmark.booking_id, p_actor, p_reason);
end $$;

-- Each account's sums as the transfers alone would have them; the audit compares, the tests too.
create or replace view accounts_recomputed as
  select a.id, a.code, a.kind,
    coalesce((select sum(t.amount_fen) from transfers t
      where t.credit_account_id = a.id and not t.pending and t.kind not in ('release', 'lapse')),
        0)::bigint
      as credits_posted,
    coalesce((select sum(t.amount_fen) from transfers t
      where t.debit_account_id = a.id and not t.pending
        and (t.resolves_id is null or t.kind = 'post')), 0)::bigint as debits_posted,
    coalesce((select sum(t.amount_fen) from transfers t
      where t.debit_account_id = a.id and t.pending
        and not exists (select 1 from transfers r where r.resolves_id = t.id)),
          0)::bigint as debits_pending
  from accounts a;
