import type { Credential } from '@yiqi/shared/identity/endpoints-organisations.ts'
import { usccFindings } from '@yiqi/shared/identity/rules.ts'
import type { UserKind, VerificationState } from '@yiqi/shared/identity/terms.ts'
import { type CredentialState, findingLabels } from '@yiqi/shared/identity/terms-organisations.ts'

type Tone = 'quiet' | 'info' | 'ok' | 'bad'

export const verificationTones: Record<VerificationState, Tone> = {
  unverified: 'quiet',
  submitted: 'info',
  verified: 'ok',
  refused: 'bad',
}

export const credentialTones: Record<CredentialState, Tone> = {
  submitted: 'info',
  accepted: 'ok',
  refused: 'bad',
}

const USCC_LENGTH = 18

/** What is wrong with the form of a code while it is typed; null for an empty one. */
export function whyNotUscc(uscc: string): string | null {
  if (uscc === '') return null
  if (!/^[0-9A-Z]*$/.test(uscc)) return '只有数字和大写字母'
  return uscc.length === USCC_LENGTH ? null : `须为 18 位，现有 ${uscc.length} 位`
}

/** What an officer will look at in a whole code; it may be registered all the same. */
export function usccHints(uscc: string, userKind: UserKind): string[] {
  if (uscc.length !== USCC_LENGTH) return []
  return usccFindings(uscc, userKind).map((code) => findingLabels[code])
}

/** A line of the form; `key` tells it from the others while it is empty. */
export type ShareRow = { key: number; name: string; percent: string }

/** The shareholders as the server takes them; null where a line is not whole. */
export function shareholdersFrom(
  rows: readonly Omit<ShareRow, 'key'>[],
): { name: string; percent: number }[] | null {
  const filled = rows.filter((row) => row.name.trim() !== '' || row.percent.trim() !== '')
  const whole = filled.every((row) => row.name.trim() !== '' && isPercent(row.percent))
  if (!whole) return null
  return filled.map((row) => ({ name: row.name.trim(), percent: Number(row.percent) }))
}

function isPercent(text: string): boolean {
  return /^\d{1,3}(\.\d{1,4})?$/.test(text.trim()) && Number(text) <= 100
}

/** A day as it is typed: 20261231, 2026.12.31 or 2026-12-31; null when it is none. */
export function dayFrom(text: string): string | null {
  const digits = text.replace(/[-./年月日\s]/g, '')
  const match = /^(\d{4})(\d{2})(\d{2})$/.exec(digits)
  if (match === null) return null
  const day = `${match[1]}-${match[2]}-${match[3]}`
  const at = new Date(`${day}T00:00:00.000Z`)
  return Number.isFinite(at.getTime()) && at.toISOString().startsWith(day) ? day : null
}

/** "还有 38 天到期" or "已失效 3 天"; null where nothing stops soon. */
export function stopsWords(stops: Credential['stops']): string | null {
  if (stops === null) return null
  const when = stops.days > 0 ? `还有 ${stops.days} 天到期` : `已于 ${stops.from} 失效`
  return `${when}：${stops.from} 起${stops.what}`
}
