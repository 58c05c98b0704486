create extension if not exists btree_gist;
--> statement-breakpoint
-- UUIDv7 (RFC 9562): milliseconds first, so that ids sort by time of birth. Works from PostgreSQL 15 on.
create function new_id() returns uuid
language sql volatile parallel safe
as $$
  select encode(
    set_byte(
      set_byte(
        overlay(uuid_send(gen_random_uuid())
          placing substring(int8send(floor(extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
          from 1 for 6),
        6, (b'0111' || get_byte(uuid_send(gen_random_uuid()), 6)::bit(4))::bit(8)::int),
      8, (get_byte(uuid_send(gen_random_uuid()), 8) & 63) | 128),
    'hex')::uuid
$$;
