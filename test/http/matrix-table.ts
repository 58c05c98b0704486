import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Role } from '@yiqi/shared/identity/terms.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'

// Who may do what with whose, written down by hand and apart from the table that the product asks:
// matrix.csv. Roles are two letters; the relation they need is one: o their organisation's, p
// the same where it is the party that acts, a
// assigned to them, c their city's, x any. `self`: one's own, in any role. `rest:404`: to all other
// roles the object does not exist. The object is the table that the id in the path is of.

export type Reach = 'o' | 'p' | 'a' | 'c' | 'x'
export type Row = {
  action: string
  who: 'anyone' | 'person' | 'member' | 'self' | ReadonlyMap<Role, Reach>
  /** Whether roles without a relation get 404 instead of 403. */
  hidden: boolean
  object: string | null
}

const roleOf: Record<string, Role> = {
  em: 'enterprise-member',
  ea: 'enterprise-admin',
  um: 'unit-member',
  ua: 'unit-admin',
  tm: 'technician',
  im: 'institution-manager',
  if: 'institution-finance',
  vc: 'voucher-administrator-city',
  vp: 'voucher-administrator-province',
  pa: 'platform-administrator',
  sd: 'supervising-department',
  ex: 'expert',
  ta: 'third-party-assessor',
  au: 'auditor',
  hr: 'hr',
  fd: 'finance-department',
  sa: 'security-administrator',
}

export function readMatrix(): Row[] {
  const file = path.join(import.meta.dirname, 'matrix.csv')
  const [, ...lines] = readFileSync(file, 'utf8').trim().split('\n')
  return lines.map((line) => {
    const [action = '', who = '', object = ''] = line.split(',')
    const parts = who.split(' ').filter((part) => part !== 'rest:404')
    return {
      action,
      who: isWord(who) ? who : new Map(parts.map(readPart)),
      hidden: who.endsWith('rest:404'),
      object: object === '' ? null : object,
    }
  })
}

function isWord(who: string): who is 'anyone' | 'person' | 'member' | 'self' {
  return ['anyone', 'person', 'member', 'self'].includes(who)
}

function readPart(part: string): [Role, Reach] {
  const [role = '', reach = ''] = part.split(':')
  if (!isReach(reach)) throw new Error(`${part} is no role with its relation`)
  return [must(roleOf[role], `the role ${role}`), reach]
}

function isReach(text: string): text is Reach {
  return ['o', 'p', 'a', 'c', 'x'].includes(text)
}
