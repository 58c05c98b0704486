-- Claims and batches. Which review a claim waits for, and the two acts that move money: approval (a
-- refund programme posts its earmarks) and instruction (payable -> paid); a difference with the
-- bank becomes a transfer.

-- The review that is due next: the first of the programme's after the state; null when all are
-- done, or none is waited for.
create or replace function next_review(p_reviews text[], p_state text) returns text
language sql immutable as $$
  select case p_state
    when 'submitted' then p_reviews[1]
    when 'bound' then p_reviews[array_position(p_reviews, 'binding') + 1]
    when 'city_reviewed' then p_reviews[array_position(p_reviews, 'city') + 1]
  end
$$;

-- All reviews that the programme asks for are passed, and the claim is not beyond them.
create or replace function fully_reviewed(p_reviews text[], p_state text) returns boolean
language sql immutable as $$
  select p_state in ('submitted', 'bound', 'city_reviewed', 'province_reviewed')
    and next_review(p_reviews, p_state) is null
$$;

-- Takes the accounts of a whole act in id order, before its transfers take them one by one: acts
-- that run at the same time wait for each other and never deadlock.
create or replace function lock_accounts(p_accounts uuid[]) returns void
language plpgsql as $$
begin
  perform 1 from accounts where id = any (p_accounts) order by id for no key update;
end $$;

-- The hash of all that decides who is paid what by whom: one line a claim, in order. What was
-- approved is compared by it with what would be paid.
create or replace function batch_hash(p_batch uuid) returns text
language sql stable as $$
  select encode(sha256(convert_to(coalesce(string_agg(concat_ws('|', c.id, c.booking_id,
      c.enterprise_id, c.institution_id, c.payee_id, c.amount_fen, p.mode, p.province_permille,
      coalesce(e.city_code, '-')), E'\n' order by c.id), ''), 'UTF8')), 'hex')
  from claims c join organisations e on e.id = c.enterprise_id
    join programmes p on p.id = c.programme_id
  where c.batch_id = p_batch
$$;

-- Nobody approves what they composed. An approval is for ever that of one person and one content.
create or replace function keep_batch_approval() returns trigger
language plpgsql as $$
begin
  if exists (select from batches where id = new.batch_id and opened_by = new.user_id) then
    perform refuse('redemption.own_batch');
  end if;
  return new;
end $$;

create or replace trigger batch_approvals_apart before insert on batch_approvals
  for each row execute function keep_batch_approval();
create or replace trigger batch_approvals_immutable before update or delete on batch_approvals
  for each row execute function refuse_change();
create or replace trigger batch_approvals_no_truncate before truncate on batch_approvals
  for each statement execute function refuse_change();

-- Who acted on a batch is written once. It is approved only with enough approvals of exactly this
-- content, paid by nobody who approved it and only if the content is still the approved one, and
-- reconciled by nobody who explained one of its differences.
create or replace function keep_batch() returns trigger
language plpgsql as $$
begin
  if (old.opened_by is not null and new.opened_by is distinct from old.opened_by)
    or (old.approved_by is not null and new.approved_by is distinct from old.approved_by)
    or (old.approved_hash is not null and new.approved_hash is distinct from old.approved_hash)
    or (old.instructed_by is not null and new.instructed_by is distinct from old.instructed_by)
    or (old.reconciled_by is not null and new.reconciled_by is distinct from old.reconciled_by)
  then
    raise exception using errcode = 'YQ002', message = 'voucher.immutable';
  end if;
  if new.state = old.state then return new; end if;
  case new.state
    when 'approved' then
      if new.approved_hash is distinct from batch_hash(new.id) or new.approvals_needed > (
          select count(*) from batch_approvals a
          where a.batch_id = new.id and a.content_hash = new.approved_hash) then
        perform refuse('redemption.approval_missing');
      end if;
    when 'instructed' then
      if new.approved_hash is distinct from batch_hash(new.id) then
        perform refuse('redemption.batch_changed');
      end if;
      if exists (select from batch_approvals a where a.batch_id = new.id
          and a.user_id = new.instructed_by) then
        perform refuse('redemption.own_batch');
      end if;
    when 'reconciled' then
      if new.reconciled_by = any (batch_explainers(new.id)) then
        perform refuse('redemption.own_explanation');
      end if;
    else null;
  end case;
  return new;
end $$;

create or replace trigger batches_kept before update on batches
  for each row execute function keep_batch();

-- Who explained a difference of the batch. Its transfers are found by their booking, which has an
-- index.
create or replace function batch_explainers(p_batch uuid) returns uuid[]
language sql stable as $$
  select array(select distinct t.actor_id
    from payments y join claims c on c.id = y.claim_id
      join transfers t on t.booking_id = c.booking_id and t.payment_id = y.id
    where y.batch_id = p_batch and t.kind = 'bank_difference')
$$;

-- What was approved before approvals had a hash was approved as it stands.
update batches set approved_hash = batch_hash(id)
  where state = 'approved' and approved_hash is null;

-- One more approval; with the last that is needed the batch and its claims are approved. In a
-- refund programme each claim's earmark is then posted at the claim's amount and its rest is free
-- again.
drop function if exists approve_batch(uuid, text[], timestamptz, uuid);
create or replace function approve_batch(p_batch uuid, p_from text[], p_needed integer,
  p_now timestamptz, p_actor uuid) returns void
language plpgsql as $$
declare
  programme programmes;
  content text;
  given bigint;
  claim record;
begin
  perform 1 from batches where id = p_batch and state = any (p_from) for no key update;
  if not found then perform refuse('redemption.batch_wrong_state'); end if;
  content := batch_hash(p_batch);
  insert into batch_approvals (batch_id, user_id, at, content_hash)
    values (p_batch, p_actor, p_now, content);
  select count(*) into given from batch_approvals
    where batch_id = p_batch and content_hash = content;
  if given < p_needed then
    update batches set approvals_needed = p_needed where id = p_batch;
    perform record_event('batch.approval_given', p_now, p_actor, p_batch, null);
    return;
  end if;
  update batches set state = 'approved', approved_at = p_now, approved_by = p_actor,
      approvals_needed = p_needed, approved_hash = content
    where id = p_batch;
  select p.* into programme from programmes p join batches b on b.programme_id = p.id
    where b.id = p_batch;
  if programme.mode = 'refund' then
    perform lock_accounts(array(
      select unnest(array[t.debit_account_id, t.credit_account_id])
      from claims c join bookings b on b.id = c.booking_id join transfers t on t.id = b.earmark_id
      where c.batch_id = p_batch));
    for claim in
      select c.amount_fen, b.earmark_id from claims c join bookings b on b.id = c.booking_id
      where c.batch_id = p_batch order by c.id
    loop
      perform resolve_earmark(claim.earmark_id, claim.amount_fen, p_now, p_actor, 'claim.approved');
    end loop;
  end if;
  update claims set state = 'approved' where batch_id = p_batch;
  perform record_event('claim.approved', p_now, p_actor, id, booking_id)
    from claims where batch_id = p_batch order by id;
  perform record_event('batch.approved', p_now, p_actor, p_batch, null);
end $$;

-- One payment per claim and funder, each with its transfer payable -> paid. The province's part is
-- rounded down, the odd fen is the city's; an enterprise of no city of ours is the province's
-- alone.
create or replace function instruct_batch(p_batch uuid, p_now timestamptz,
  p_actor uuid) returns void
language plpgsql as $$
begin
  update batches set state = 'instructed', instructed_at = p_now, instructed_by = p_actor
    where id = p_batch and state = 'approved';
  if not found then perform refuse('redemption.batch_wrong_state'); end if;

  with shares as (
    select c.id, c.number, c.payee_id, c.amount_fen, e.city_code,
      case when e.city_code is null then c.amount_fen
        else c.amount_fen * p.province_permille / 1000 end as province_fen
    from claims c join organisations e on e.id = c.enterprise_id join programmes p
      on p.id = c.programme_id
    where c.batch_id = p_batch
  ), parts as (
    select id, number, payee_id, 'province' as funder, 'P' as mark, null as city_code,
      province_fen as fen from shares
    union all
    select id, number, payee_id, 'city', 'C', city_code, amount_fen - province_fen from shares
  )
  insert into payments (reference, batch_id, claim_id, funder, city_code, payee_id, instructed_fen)
    select 'FK' || substr(number, 3) || '-' || mark, p_batch, id, funder, city_code, payee_id, fen
    from parts where fen > 0 order by number, mark;

  perform ledger_account(code, 'paid', null, null) from (
    select distinct paid_code(funder, city_code) as code from payments
      where batch_id = p_batch order by 1) as codes;
  perform lock_accounts(array(
    select a.id from accounts a
    where a.code in (select paid_code(funder, city_code) from payments where batch_id = p_batch)
      or a.code in (select 'payable:' || payee_id from payments where batch_id = p_batch)));
  insert into transfers (at, kind, debit_account_id, credit_account_id, amount_fen, booking_id,
    claim_id,
      payment_id, actor_id)
    select p_now, 'payment', payable.id, paid.id, y.instructed_fen, c.booking_id, c.id, y.id,
      p_actor
    from payments y join claims c on c.id = y.claim_id
      join accounts payable on payable.code = 'payable:' || y.payee_id
      join accounts paid on paid.code = paid_code(y.funder, y.city_code)
    where y.batch_id = p_batch order by y.reference;

  update claims set state = 'paid' where batch_id = p_batch;
  perform record_event('claim.paid', p_now, p_actor, id, booking_id)
    from claims where batch_id = p_batch order by id;
  perform record_event('batch.instructed', p_now, p_actor, p_batch, null);
end $$;

create or replace function paid_code(p_funder text, p_city text) returns text
language sql immutable as $$
  select case p_funder when 'province' then 'paid:province' else 'paid:city:' || p_city end
$$;

-- What the bank returned and what was explained of each payment: money that went back from paid
-- counts up, money added to it counts down. Its transfers are found by their booking, which has an
-- index.
create or replace view payment_sums as
  select y.id as payment_id,
    (select sum(r.returned_fen) from bank_returns r
      where r.payment_id = y.id)::bigint as returned_fen,
    coalesce((select sum(case when d.kind = 'paid' then t.amount_fen else -t.amount_fen end)
      from transfers t join accounts d on d.id = t.debit_account_id
      where t.booking_id = c.booking_id and t.payment_id = y.id and t.kind = 'bank_difference'),
        0)::bigint
      as explained_fen
  from payments y join claims c on c.id = y.claim_id;

-- The open difference of one payment becomes transfers with a reason; nothing is edited. Less
-- arrived than was instructed: the rest is owed again. More arrived: first what an earlier
-- explanation gave back, the remainder from the funder's treasury, because nothing else may go
-- below zero.
create or replace function explain_difference(
  p_payment uuid, p_reason text, p_now timestamptz, p_actor uuid
) returns void
language plpgsql as $$
declare
  payment payments;
  batch batches;
  open_fen bigint;
  given_back bigint;
  part bigint;
  payable uuid;
  paid uuid;
  treasury uuid;
  booking uuid;
begin
  select * into payment from payments where id = p_payment;
  if not found then perform refuse('redemption.no_such_batch'); end if;
  select * into batch from batches where id = payment.batch_id for no key update;
  if batch.state <> 'returned' then perform refuse('redemption.batch_wrong_state'); end if;
  select payment.instructed_fen - s.returned_fen - s.explained_fen, greatest(s.explained_fen, 0)
    into open_fen, given_back from payment_sums s where s.payment_id = p_payment;
  if coalesce(open_fen, 0) = 0 then perform refuse('redemption.nothing_to_explain'); end if;
  select booking_id into booking from claims where id = payment.claim_id;
  payable := ledger_account('payable:' || payment.payee_id, 'payable', payment.payee_id, null);
  paid := ledger_account(paid_code(payment.funder, payment.city_code), 'paid', null, null);
  treasury := ledger_account(replace(paid_code(payment.funder, payment.city_code), 'paid:',
    'treasury:'),
    'treasury', null, null);
  perform lock_accounts(array[payable, paid, treasury]);
  if open_fen > 0 then
    insert into transfers (at, kind, debit_account_id, credit_account_id, amount_fen, reason,
      booking_id, claim_id,
        payment_id, actor_id)
      values (p_now, 'bank_difference', paid, payable, open_fen, p_reason, booking,
        payment.claim_id, p_payment,
        p_actor);
  else
    part := least(-open_fen, given_back);
    insert into transfers (at, kind, debit_account_id, credit_account_id, amount_fen, reason,
      booking_id, claim_id,
        payment_id, actor_id)
      select p_now, 'bank_difference', source, paid, fen, p_reason, booking, payment.claim_id,
        p_payment, p_actor
      from (values (payable, part), (treasury, -open_fen - part)) as parts (source, fen)
        where fen > 0;
  end if;
  perform record_event('payment.difference_explained', p_now, p_actor, p_payment, booking,
    jsonb_build_object('differenceFen', open_fen));
end $$;

-- 对平: the batch and its claims are closed. That no difference is open, its verb has seen.
create or replace function reconcile_batch(p_batch uuid, p_now timestamptz,
  p_actor uuid) returns void
language plpgsql as $$
begin
  update batches set state = 'reconciled', reconciled_at = p_now, reconciled_by = p_actor
    where id = p_batch and state = 'returned';
  if not found then perform refuse('redemption.batch_wrong_state'); end if;
  update claims set state = 'reconciled' where batch_id = p_batch;
  perform record_event('claim.reconciled', p_now, p_actor, id, booking_id)
    from claims where batch_id = p_batch order by id;
  perform record_event('batch.reconciled', p_now, p_actor, p_batch, null);
end $$;
