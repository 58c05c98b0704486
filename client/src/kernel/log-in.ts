import type { LogIn, Me, Membership } from '@yiqi/shared/identity/endpoints-log-in.ts'
import { familyOf, type Role, type RoleFamily } from '@yiqi/shared/identity/terms.ts'
import { isH5 } from './platform/target.ts'
import { stored } from './store.ts'

// The only global store: who is logged in. The access token stays in memory; what a new page begins
// with is the refresh token, which a browser keeps in a cookie that no script can read.

type Kept = { me: Me; refreshToken: string | null }

const kept = stored<Kept | null>('yiqi.person', (raw) => (isKept(raw) ? raw : null))
let access: string | null = null

/** Who is logged in, null for a visitor; renders again when it changes. */
export function useMe(): Me | null {
  return kept.use()?.me ?? null
}

/** The role acted in, null for a visitor and for a person without one. */
export function useMembership(): Membership | null {
  return useMe()?.membership ?? null
}

/** Role and family of who is logged in; a visitor has no role. */
export function useRole(): { role: Role | null; family: RoleFamily } {
  const role = useMembership()?.role ?? null
  return { role, family: familyOf(role) }
}

export function keepLogIn({ me, token, refreshToken }: LogIn): void {
  access = token
  kept.set({ me, refreshToken: isH5 ? null : refreshToken })
}

/** The same log-in goes on with another role or a newer factor. */
export function keepMe(me: Me): void {
  kept.set({ me, refreshToken: kept.get()?.refreshToken ?? null })
}

export function forgetLogIn(): void {
  access = null
  kept.set(null)
}

/** The access token; null for a visitor, and before a new page has refreshed. */
export function token(): string | null {
  return access
}

/** What the log-in is refreshed with: null means nobody is logged in, '' that the cookie has it. */
export function refreshTokenKept(): string | null {
  const known = kept.get()
  return known === null ? null : (known.refreshToken ?? '')
}

/** Changes with who asks and in which role, and with nothing else. */
export function whoAsks(): string {
  const me = kept.get()?.me
  return me === undefined ? '' : `${me.logInId} ${me.membership?.id ?? ''} ${me.strongAt ?? ''}`
}

function isKept(raw: unknown): raw is Kept {
  return typeof raw === 'object' && raw !== null && 'me' in raw && 'refreshToken' in raw
}
