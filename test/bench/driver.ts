import postgres from 'postgres'

/** The driver alone, with nothing of ours around it. */
export type Driver = postgres.Sql

/** What the server has by default. */
export const CONNECTIONS = 16

/** Runs `work` on the plain driver's own pool; a commit waits for the disk, as the server's does. */
export async function withDriver<T>(url: string, work: (sql: Driver) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: CONNECTIONS, connection: { synchronous_commit: 'on' } })
  try {
    return await work(sql)
  } finally {
    await sql.end({ timeout: 5 })
  }
}
