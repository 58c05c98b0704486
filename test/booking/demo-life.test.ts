import { loadDemo } from '@yiqi/server/demo-life.ts'
import { loadNotices } from '@yiqi/server/notice/load-notices.ts'
import { instantAt } from '@yiqi/shared/kernel/time.ts'
import { expect, it } from 'vitest'
import { jobCtx } from '../support/ctx.ts'
import { freshDatabase } from '../support/database.ts'

it.each([
  ['a Wednesday at night', '2026-11-25', 30],
  ['a Wednesday morning, while a session runs', '2026-11-25', 9 * 60 + 10],
  ['a Wednesday afternoon, while a session runs', '2026-11-25', 14 * 60 + 7],
  ['a Wednesday evening', '2026-11-25', 23 * 60 + 40],
  ['a Sunday', '2026-11-29', 12 * 60],
])('the demonstration comes to life on %s', async (_, day, minute) => {
  const database = await freshDatabase()
  try {
    await loadNotices(database.sql)
    const now = instantAt(day, minute)
    expect(await loadDemo(jobCtx(database.sql, { now: () => now, demo: true }))).toBe(true)
    const broken = await database.sql`
      select * from broken_invariants(${now}) where invariant <> 'I10'`
    expect(broken).toEqual([])
  } finally {
    await database.drop()
  }
})
