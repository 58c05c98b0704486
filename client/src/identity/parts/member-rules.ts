import type { Member } from '@yiqi/shared/identity/endpoints-members.ts'
import { rolesGivenBy, whyNotGive } from '@yiqi/shared/identity/rules.ts'
import { bookingRoles, type Role, roleLabels } from '@yiqi/shared/identity/terms.ts'
import { fenFrom, yuan } from '@yiqi/shared/kernel/money.ts'

const roleDetails: Partial<Record<Role, string>> = {
  'enterprise-member': '可以预约、使用创新券、申报兑付',
  'enterprise-admin': '另可管理成员、额度与认证',
  'unit-member': '可以预约与确认机时',
  'unit-admin': '另可管理成员、额度与认证',
  technician: '答复预约、上机与维护',
  'institution-finance': '出账、核对到账',
  'institution-manager': '管理本单位仪器、人员与开放',
}

/** The roles this person may invite to, each with what it can do. */
export function roleOptions(by: Role): { value: Role; label: string; detail: string }[] {
  return rolesGivenBy(by).map((value) => ({
    value,
    label: roleLabels[value],
    detail: roleDetails[value] ?? '',
  }))
}

/** Only who books spends, and only for them there are limits. */
export function hasLimits(role: Role): boolean {
  return bookingRoles.some((each) => each === role)
}

/** "每单 ¥2,000.00 · 每月不限" */
export function limitWords(limits: Pick<Member, 'orderLimitFen' | 'monthLimitFen'>): string {
  const one = (words: string, fen: number | null) => `${words}${fen === null ? '不限' : yuan(fen)}`
  return `${one('每单 ', limits.orderLimitFen)} · ${one('每月 ', limits.monthLimitFen)}`
}

/** What was typed as a limit: fen, null for no limit, undefined where it is no amount. */
export function limitFrom(text: string): number | null | undefined {
  if (text.trim() === '') return null
  const fen = fenFrom(text)
  return fen === null || fen < 0 ? undefined : fen
}

/** A limit as it stands in its field. */
export function limitText(fen: number | null): string {
  return fen === null ? '' : String(fen / 100)
}

/** Why this member may not be removed here, before the server is asked; null: perhaps. */
export function whyNotRemove(member: Member, by: Role, all: readonly Member[]): string | null {
  const why = whyNotGive(member.role, by)
  if (why !== null) return why
  const others = all.filter((one) => one.role === member.role && one.id !== member.id)
  return member.role.endsWith('-admin') && others.length === 0
    ? 'identity.last_administrator'
    : null
}

/** The code in an invitation link or by itself; null where there is none. */
export function codeFrom(text: string): string | null {
  return /(?:^|[/=\s])([0-9a-f]{32})(?:[/?&\s]|$)/.exec(text.trim())?.[1] ?? null
}
