import { sql } from 'drizzle-orm'
import { bigint, timestamp, uuid } from 'drizzle-orm/pg-core'

// The column shapes that every table shares.

/** UUIDv7, made by the database unless the program brings one. */
export const idColumn = () => uuid('id').primaryKey().default(sql`new_id()`)
export const fenColumn = (name: string) => bigint(name, { mode: 'number' })
export const instantColumn = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })
