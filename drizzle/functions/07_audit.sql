-- The audit record: what was done to permissions, money and protected data, so that nobody changes
-- it unseen. Every entry and every transfer gets one link of a chain when its transaction commits.
-- A chain is a shard, so that writers do not all wait for one another; a transaction uses one shard
-- and takes its head after all other locks, so that this wait closes no circle.

create or replace trigger audit_entries_immutable before update or delete on audit_entries
  for each row execute function refuse_change();
create or replace trigger audit_entries_no_truncate before truncate on audit_entries
  for each statement execute function refuse_change();
create or replace trigger audit_links_immutable before update or delete on audit_links
  for each row execute function refuse_change();
create or replace trigger audit_links_no_truncate before truncate on audit_links
  for each statement execute function refuse_change();
create or replace trigger audit_heads_stay before delete on audit_heads
  for each row execute function refuse_change();
create or replace trigger audit_heads_no_truncate before truncate on audit_heads
  for each statement execute function refuse_change();
create or replace trigger audit_seals_immutable before update or delete on audit_seals
  for each row execute function refuse_change();
create or replace trigger audit_seals_no_truncate before truncate on audit_seals
  for each statement execute function refuse_change();

-- Backends that live at the same time have pids close to each other: the remainder spreads them.
create or replace function audit_shard() returns integer
language sql stable as $$ select pg_backend_pid() % 8 $$;

-- An instant as no setting of a session changes it.
create or replace function audit_instant(p_at timestamptz) returns text
language sql stable parallel safe as $$
  select to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

-- The text that is hashed for a row: a JSON array of its columns in this order, for ever. A column
-- added later is appended only where it is not null, or the hashes of all rows would change.
create or replace function audit_text(r audit_entries) returns text
language sql stable parallel safe as $$
  select jsonb_build_array(r.id, audit_instant(r.at), r.kind, r.action, r.actor_id, r.job, r.role,
    r.organisation_id, r.log_in_id, r.subject_id, r.detail, r.address, r.request_id)::text
$$;

create or replace function audit_text(r transfers) returns text
language sql stable parallel safe as $$
  select jsonb_build_array(r.id, audit_instant(r.at), r.kind, r.debit_account_id,
    r.credit_account_id, r.amount_fen, r.pending, r.resolves_id, r.reason, r.booking_id,
    r.claim_id, r.payment_id, r.actor_id)::text
$$;

create or replace function audit_hash(p_text text) returns text
language sql stable parallel safe as $$
  select encode(sha256(convert_to(p_text, 'UTF8')), 'hex')
$$;

-- A link: the link before it in its shard ('' before the first), its place and its row.
create or replace function link_hash(p_before text, p_shard integer, p_seq bigint, p_source text,
  p_row uuid, p_row_hash text) returns text
language sql stable parallel safe as $$
  select audit_hash(p_before || '|' || p_shard::text || '|' || p_seq::text || '|' || p_source
    || '|' || p_row::text || '|' || p_row_hash)
$$;

-- For the triggers below only, which lend it their owner's rights and search path.
create or replace function append_link(p_source text, p_row uuid, p_text text) returns void
language plpgsql as $$
declare
  in_shard integer := audit_shard();
  hash_of_row text := audit_hash(p_text);
  head audit_heads;
begin
  loop
    update audit_heads set seq = seq + 1,
        hash = link_hash(hash, shard, seq + 1, p_source, p_row, hash_of_row)
      where shard = in_shard returning * into head;
    exit when found;
    insert into audit_heads (shard, seq, hash) values (in_shard, 0, '') on conflict do nothing;
  end loop;
  insert into audit_links (shard, seq, source, row_id, row_hash, hash)
    values (head.shard, head.seq, p_source, p_row, hash_of_row, head.hash);
end $$;
revoke execute on function append_link(text, uuid, text) from public;

create or replace function chain_audit_entry() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  written audit_entries := new;
begin
  perform append_link('audit_entries', written.id, audit_text(written));
  return null;
end $$;

create or replace function chain_transfer() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  written transfers := new;
begin
  perform append_link('transfers', written.id, audit_text(written));
  return null;
end $$;

-- A constraint trigger cannot be replaced.
drop trigger if exists audit_entries_chain on audit_entries;
create constraint trigger audit_entries_chain after insert on audit_entries
  deferrable initially deferred for each row execute function chain_audit_entry();
drop trigger if exists transfers_chain on transfers;
create constraint trigger transfers_chain after insert on transfers
  deferrable initially deferred for each row execute function chain_transfer();

-- What was there before the first link is the beginning of the first chain.
do $$
declare
  found_row record;
  n bigint := 0;
  last_hash text := '';
begin
  if exists (select from audit_heads) then return; end if;
  for found_row in
    select 'transfers' as source, t.id, audit_hash(audit_text(t)) as hash from transfers t
    union all
    select 'audit_entries', e.id, audit_hash(audit_text(e)) from audit_entries e
    order by id
  loop
    n := n + 1;
    last_hash := link_hash(last_hash, 0, n, found_row.source, found_row.id, found_row.hash);
    insert into audit_links (shard, seq, source, row_id, row_hash, hash)
      values (0, n, found_row.source, found_row.id, found_row.hash, last_hash);
  end loop;
  if n > 0 then insert into audit_heads (shard, seq, hash) values (0, n, last_hash); end if;
end $$;

-- Where each chain ends and what its head says of that: 'truncated' when the last links are gone,
-- 'head_mismatch' when the head is gone or is not the last link. `seq` is the place where the head
-- and the links part, null: they agree.
create or replace function audit_chains() returns table (shard integer, last_seq bigint,
  kind text, seq bigint)
language sql stable parallel safe as $$
  with recursive shards as (
    (select l.shard from audit_links l order by l.shard limit 1)
    union all
    select (select min(l.shard) from audit_links l where l.shard > s.shard)
      from shards s where s.shard is not null
  ), ends as (
    select s.shard, l.seq, l.hash from shards s cross join lateral (
      select * from audit_links l where l.shard = s.shard order by l.seq desc limit 1) l
  )
  select shard, coalesce(e.seq, 0), case when h.seq > coalesce(e.seq, 0) then 'truncated'
      when (h.seq, h.hash) is distinct from (e.seq, e.hash) then 'head_mismatch' end,
    case when h.seq > coalesce(e.seq, 0) then coalesce(e.seq, 0) + 1
      when (h.seq, h.hash) is distinct from (e.seq, e.hash) then e.seq end
  from ends e full join audit_heads h using (shard)
$$;

-- What is wrong with the links of one shard after `p_after` up to `p_upto`, each against its row
-- and the link before it: 'altered' (the row is not what was hashed), 'deleted' (there is no row),
-- 'link_missing' (a place is empty), 'link_edited' (the link is not what was appended).
create or replace function audit_findings(p_shard integer, p_after bigint, p_upto bigint)
returns table (kind text, seq bigint, source text, row_id uuid)
language sql stable parallel safe as $$
  with links as (
    select l.*, lag(l.seq, 1, 0::bigint) over places as seq_before,
      lag(l.hash, 1, '') over places as hash_before
    from audit_links l
    where l.shard = p_shard and l.seq <= p_upto and l.seq >= coalesce((select max(b.seq)
      from audit_links b where b.shard = p_shard and b.seq <= p_after), 0)
    window places as (order by l.seq)
  -- Apart from the filter: a join that filters by these keeps the memory of every row it drops.
  ), compared as materialized (
    select l.seq, l.seq_before, l.source, l.row_id, coalesce(t.id, e.id) is null as is_deleted,
      l.seq_before <> l.seq - 1 as is_after_gap,
      audit_hash(case when t.id is not null then audit_text(t)
        when e.id is not null then audit_text(e) end) <> l.row_hash as is_altered,
      l.seq_before = l.seq - 1 and l.hash <> link_hash(l.hash_before, l.shard, l.seq, l.source,
        l.row_id, l.row_hash) as is_edited
    from links l
      -- No row is looked for in the other table.
      left join transfers t on t.id = case when l.source = 'transfers' then l.row_id end
      left join audit_entries e on e.id = case when l.source = 'audit_entries' then l.row_id end
    where l.seq > p_after
  )
  select f.kind, f.seq, c.source, c.row_id
  from (select * from compared where is_altered or is_deleted or is_after_gap or is_edited) c
    cross join lateral (values ('altered', c.seq, is_altered), ('deleted', c.seq, is_deleted),
      ('link_missing', c.seq_before + 1, is_after_gap), ('link_edited', c.seq, is_edited)
    ) f (kind, seq, is_so)
  where f.is_so
$$;

-- Entries and transfers after `p_after` up to `p_upto` that have no link: they were written past the
-- triggers, or the link is gone.
drop function if exists audit_unlinked(uuid, integer);
create or replace function audit_unlinked(p_after uuid, p_upto uuid)
returns table (source text, row_id uuid)
language sql stable parallel safe as $$
  select 'audit_entries', e.id from audit_entries e
    where e.id > p_after and e.id <= p_upto and not exists (
      select from audit_links l where l.source = 'audit_entries' and l.row_id = e.id)
  union all
  select 'transfers', t.id from transfers t
    where t.id > p_after and t.id <= p_upto and not exists (
      select from audit_links l where l.source = 'transfers' and l.row_id = t.id)
$$;

-- The id that so many entries and transfers after `p_after` end with; null: there are not as many.
create or replace function audit_rows_until(p_after uuid, p_rows integer) returns uuid
language sql stable parallel safe as $$
  select id from (
    (select e.id from audit_entries e where e.id > p_after order by e.id limit p_rows)
    union all
    (select t.id from transfers t where t.id > p_after order by t.id limit p_rows)
  ) r order by id offset p_rows - 1 limit 1
$$;

-- I9: every entry of the audit record and every transfer has its link, and each chain ends with its
-- head. What the links say is for `pnpm admin audit verify`: it reads every row.
create or replace function broken_audit(p_from uuid)
returns table (invariant text, subject text, detail text)
language sql stable as $$
  select 'I9', u.row_id::text, format('has no link: %s', u.source)
    from audit_unlinked(p_from, 'ffffffff-ffff-ffff-ffff-ffffffffffff') u
  union all
  select 'I9', 'shard ' || c.shard, format('%s at %s', c.kind, c.seq)
    from audit_chains() c where c.kind is not null
$$;

-- Of rows found altered, those that have each other's contents.
create or replace function audit_rows_swapped(p_source text, p_rows uuid[])
returns table (row_id uuid)
language sql stable parallel safe as $$
  with links as (
    select l.row_id, l.row_hash, t, e
    from audit_links l
      left join transfers t on l.source = 'transfers' and t.id = l.row_id
      left join audit_entries e on l.source = 'audit_entries' and e.id = l.row_id
    where l.source = p_source and l.row_id = any (p_rows)
  ), moved as (
    select a.row_id, b.row_id as other, b.row_hash = audit_hash(case
        when p_source = 'transfers' then audit_text(jsonb_populate_record(a.t, b.id))
        else audit_text(jsonb_populate_record(a.e, b.id)) end) as fits
    from links a join (select *, jsonb_build_object('id', row_id) as id from links) b
      on a.row_id <> b.row_id
  )
  select distinct m.row_id from moved m join moved o on (o.row_id, o.other) = (m.other, m.row_id)
  where m.fits and o.fits
$$;

-- Of links found edited in one shard, those that stand in each other's place, with their hashes or
-- without them.
create or replace function audit_links_swapped(p_shard integer, p_seqs bigint[])
returns table (seq bigint)
language sql stable parallel safe as $$
  with links as (
    select l.*, coalesce(b.hash, '') as hash_before
    from audit_links l left join audit_links b on b.shard = l.shard and b.seq = l.seq - 1
    where l.shard = p_shard and l.seq = any (p_seqs)
  ), moved as (
    select a.seq, b.seq as other,
      a.hash = link_hash(case when a.seq = b.seq - 1 then b.hash else b.hash_before end,
        p_shard, b.seq, a.source, a.row_id, a.row_hash)
      or b.hash = link_hash(b.hash_before, p_shard, b.seq, a.source, a.row_id, a.row_hash) as fits
    from links a join links b on a.seq <> b.seq
  )
  select distinct m.seq from moved m join moved o on (o.seq, o.other) = (m.other, m.seq)
  where m.fits and o.fits
$$;
