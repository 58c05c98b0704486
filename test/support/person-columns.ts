import type { Sql } from '@yiqi/server/kernel/connect.ts'

/**
 * `table.column` of every column that refers to a person: by foreign key, or by what such columns
 * are called.
 */
export async function personColumns(sql: Sql): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select c.table_name || '.' || c.column_name as name
    from information_schema.columns c join information_schema.tables t
      on t.table_schema = c.table_schema and t.table_name = c.table_name
    where c.table_schema = 'public' and t.table_type = 'BASE TABLE'
      and (c.data_type = 'uuid'
          and c.column_name ~ '(^|_)(user|actor|owner|author|requester|beneficiary|person)_id$'
        or c.data_type = 'uuid' and c.column_name ~ '_by$'
        or exists (
          select from pg_constraint k join pg_class r on r.oid = k.conrelid
            join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any (k.conkey)
          where k.contype = 'f' and k.confrelid = 'users'::regclass
            and r.relname = c.table_name and a.attname = c.column_name))
    order by 1`
  return rows.map((row) => row.name)
}

/** `table.column` of every column that holds words of or about a person, by what it is called. */
export async function wordColumns(sql: Sql): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select c.table_name || '.' || c.column_name as name
    from information_schema.columns c join information_schema.tables t
      on t.table_schema = c.table_schema and t.table_name = c.table_name
    where c.table_schema = 'public' and t.table_type = 'BASE TABLE'
      and c.data_type in ('text', 'jsonb', 'ARRAY')
      and (c.column_name ~ ${words} or c.table_name || '.' || c.column_name = any (${names}))
    order by 1`
  return rows.map((row) => row.name)
}

/** Names that the pattern would find everywhere. */
const names = ['users.name', 'files.name', 'users.title', 'staff_records.title', 'factors.label']
const words =
  '(^|_)(phone|email|openid|device|address|text|note|purpose|reason|account|person|body|secret|' +
  'representative|shareholders|contact|licence|unit|preparation|sample_names|handed|matters|' +
  'session_key|raw|detail|seat|consumables|document)($|_)'
