import type { LogIn, Me } from '@yiqi/shared/identity/endpoints.ts'
import { familyOf, type Role, type RoleFamily } from '@yiqi/shared/identity/terms.ts'
import { stored } from './store.ts'

// The only global store: who is logged in.

const kept = stored<LogIn | null>('yiqi.log-in', (raw) => (isLogIn(raw) ? raw : null))

/** The log-in, null for a visitor; renders again when it changes. */
export function useLogIn(): LogIn | null {
  return kept.use()
}

export function useMe(): Me | null {
  return kept.use()?.me ?? null
}

/** Role and family of who is logged in; a visitor has no role. */
export function useRole(): { role: Role | null; family: RoleFamily } {
  const role = kept.use()?.me.membership.role ?? null
  return { role, family: familyOf(role) }
}

export function keepLogIn(logIn: LogIn): void {
  kept.set(logIn)
}

export function forgetLogIn(): void {
  kept.set(null)
}

/** The bearer token, null for a visitor. */
export function token(): string | null {
  return kept.get()?.token ?? null
}

function isLogIn(raw: unknown): raw is LogIn {
  return typeof raw === 'object' && raw !== null && 'token' in raw && 'me' in raw
}
