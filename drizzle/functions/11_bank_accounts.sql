-- Where organisations are paid. What was proposed never changes in content; it is put in use or
-- refused once, by somebody else (bank_accounts_two_people), and ends only by being replaced.

-- The sealed number itself may be written anew: under another key it is another text.
create or replace function keep_bank_account() returns trigger
language plpgsql as $$
begin
  if (new.id, new.organisation_id, new.bank_name, new.account_tail, new.proposed_by,
      new.proposed_at) is distinct from (old.id, old.organisation_id, old.bank_name,
      old.account_tail, old.proposed_by, old.proposed_at)
    or (old.state <> 'proposed' and new.decided_by is distinct from old.decided_by) then
    raise exception using errcode = 'YQ002', message = 'identity.already_decided';
  end if;
  if new.state <> old.state and (old.state, new.state) not in (('proposed', 'in_use'),
      ('proposed', 'refused'), ('in_use', 'replaced')) then
    perform refuse('identity.already_decided');
  end if;
  return new;
end $$;

create or replace trigger bank_accounts_kept before update on bank_accounts
  for each row execute function keep_bank_account();
create or replace trigger bank_accounts_stay before delete on bank_accounts
  for each row execute function refuse_change();
create or replace trigger bank_accounts_no_truncate before truncate on bank_accounts
  for each statement execute function refuse_change();

-- 复核: somebody else puts the account in use, in place of the one before, or refuses it with a
-- reason; of several at once the first.
create or replace function decide_bank_account(
  p_account uuid, p_state text, p_reason text, p_now timestamptz, p_actor uuid
) returns void
language plpgsql as $$
declare
  decided bank_accounts;
begin
  select * into decided from bank_accounts where id = p_account and state = 'proposed'
    for no key update;
  if not found then perform refuse('identity.already_decided'); end if;
  if p_state = 'in_use' then
    update bank_accounts set state = 'replaced'
      where organisation_id = decided.organisation_id and state = 'in_use';
  end if;
  update bank_accounts set state = p_state, reason = p_reason, decided_by = p_actor,
      decided_at = p_now
    where id = p_account;
  perform record_event(case p_state when 'in_use' then 'bank_account.put_in_use'
    else 'bank_account.refused' end, p_now, p_actor, p_account, null);
end $$;
