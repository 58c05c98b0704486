-- The second wall. The server works as `yiqi_app`, which owns nothing and passes no row-level
-- security: what a forgotten condition in a query would show, the database does not give out. Who
-- asks is said for one transaction at a time (`app.user`, `app.organisation`, `app.role`); nobody
-- said is nobody, and sees nothing.

do $$
begin
  create role yiqi_app nologin;
exception
  when duplicate_object or unique_violation then null;
  -- Whoever may not make roles is given one by their database's administrator.
  when insufficient_privilege then
    raise notice 'the role yiqi_app is missing and could not be made';
end $$;

create or replace function app_user() returns uuid
language sql stable parallel safe as $$
  select nullif(current_setting('app.user', true), '')::uuid
$$;

create or replace function app_organisation() returns uuid
language sql stable parallel safe as $$
  select nullif(current_setting('app.organisation', true), '')::uuid
$$;

create or replace function app_role() returns text
language sql stable parallel safe as $$
  select coalesce(current_setting('app.role', true), '')
$$;

-- Said once at the beginning of a transaction; forgotten at its end.
create or replace function act_as(p_user text, p_organisation text, p_role text) returns void
language sql as $$
  select set_config('app.user', p_user, true),
    set_config('app.organisation', p_organisation, true), set_config('app.role', p_role, true)
$$;

do $$
begin
  if not exists (select from pg_roles where rolname = 'yiqi_app') then return; end if;
  if not (select rolsuper from pg_roles where rolname = current_user) then
    execute format('grant yiqi_app to %I', current_user);
  end if;
  grant usage on schema public to yiqi_app;
  grant select, insert, update, delete on all tables in schema public to yiqi_app;
  grant usage on all sequences in schema public to yiqi_app;
  alter default privileges in schema public
    grant select, insert, update, delete on tables to yiqi_app;
  alter default privileges in schema public grant usage on sequences to yiqi_app;
  -- History is written once; the chain only by its own triggers.
  revoke update, delete on events, transfers, audit_entries, audit_seals from yiqi_app;
  revoke insert, update, delete on audit_links, audit_heads from yiqi_app;
  -- Nobody is taken off the list of those whose data must be gone.
  revoke delete on erasures from yiqi_app;
end $$;

alter table messages enable row level security;
drop policy if exists messages_of_the_parties on messages;
create policy messages_of_the_parties on messages
  using ((select app_role()) = 'job' or exists (
    select from bookings b where b.id = booking_id
      and (select app_organisation()) in (b.enterprise_id, b.institution_id)));

-- What somebody wrote they may read for ever, also when they act for nobody any more.
drop policy if exists messages_of_their_author on messages;
create policy messages_of_their_author on messages for select
  using (author_id = (select app_user()));

alter table bank_accounts enable row level security;
drop policy if exists bank_accounts_of_the_organisation on bank_accounts;
create policy bank_accounts_of_the_organisation on bank_accounts
  using (organisation_id = (select app_organisation())
    or (select app_role()) in ('job', 'voucher-administrator-province', 'auditor'));

-- Anybody's act is written down; only auditors, and the chain's own checks, read it.
alter table audit_entries enable row level security;
drop policy if exists audit_entries_written on audit_entries;
create policy audit_entries_written on audit_entries for insert with check (true);
drop policy if exists audit_entries_read on audit_entries;
create policy audit_entries_read on audit_entries for select
  using ((select app_role()) in ('job', 'auditor'));

-- Whose purpose allows others to read a file is the program's to say; for them it asks as a job.
alter table files enable row level security;
drop policy if exists files_of_the_organisation on files;
create policy files_of_the_organisation on files
  using (owner_id = (select app_user()) or organisation_id = (select app_organisation())
    or (select app_role()) in ('job', 'platform-administrator'));
