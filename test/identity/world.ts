import { readFileSync } from 'node:fs'
import path from 'node:path'
import { importOrganisations } from '@yiqi/server/identity/import-organisations.ts'
import { importPeople } from '@yiqi/server/identity/import-people.ts'
import { makeLogIns } from '@yiqi/server/identity/log-ins.ts'
import { repoRoot } from '@yiqi/server/kernel/config.ts'
import type { Actor, Ctx, Member } from '@yiqi/server/kernel/ctx.ts'
import { jobCtx } from '../support/ctx.ts'
import { freshDatabase } from '../support/database.ts'
import { testTokens } from '../support/log-ins.ts'

export const START = new Date('2026-11-24T01:00:00.000Z')
const read = (name: string) => readFileSync(path.join(repoRoot, 'drizzle', 'demo', name))

/** The demonstration's organisations and people, a clock to set, codes as they are delivered. */
export async function newWorld() {
  const database = await freshDatabase()
  const job = jobCtx(database.sql)
  await importOrganisations(job, { kind: 'institution', csv: read('institutions.csv') })
  await importOrganisations(job, { kind: 'enterprise', csv: read('enterprises.csv') })
  await importPeople(job, { csv: read('people.csv') })
  let now = START
  const delivered: { phone: string; code: string }[] = []
  const logIns = makeLogIns(testTokens(), 0)
  const ports = {
    logIns,
    wechat: null,
    sealsFolder: '',
    deliver: (phone: string, code: string) => {
      delivered.push({ phone, code })
    },
  }
  const ctx = (actor: Actor = { kind: 'visitor' }, other: Partial<Ctx> = {}): Ctx =>
    jobCtx(database.sql, { actor, now: () => now, ...other })
  const person = async (personId: string): Promise<Member> => {
    const [row] = await database.sql<
      Pick<Member, 'userId' | 'membershipId' | 'organisationId' | 'role'>[]
    >`select u.id as user_id, m.id as membership_id, m.organisation_id, m.role
      from users u join memberships m on m.user_id = u.id where u.person_id = ${personId}`
    if (!row) throw new Error(`no ${personId}`)
    return { kind: 'member', ...row, logInId: null, strongAt: START, duties: null }
  }
  /** The person behind an access token, as every request reads it. */
  const actorOf = (token: string, membershipId: string | null = null) =>
    logIns.actorOf(database.sql, token, { membershipId, fresh: true })
  const setNow = (at: Date) => {
    now = at
  }
  return { ...database, ports, delivered, ctx, person, actorOf, setNow, now: () => now }
}

export type World = Awaited<ReturnType<typeof newWorld>>
