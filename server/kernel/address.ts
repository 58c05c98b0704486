import type { Context } from 'hono'

/** Stand-in until the edge is in. */
export function addressOf(_c: Context, _trusted: readonly string[]): string | null {
  return null
}

export function addressPrefix(address: string | null): string | null {
  return address
}
