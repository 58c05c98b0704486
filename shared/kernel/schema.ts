import { z } from 'zod/mini'

// The few shapes that contracts share. Limits are here so that no field is without one.

export const id = z.uuid()
export const text = (max: number, min = 1) =>
  z
    .string()
    .check(z.trim(), z.minLength(min), z.maxLength(max), z.refine(isWellFormed, 'text.malformed'))
export const instant = z.iso.datetime({ precision: 3 })
/** An instant that comes in: of this century, so that no reckoning with it leaves the calendar. */
export const instantIn = z.iso
  .datetime({ offset: true })
  .check(z.refine((text) => /^20\d\d-/.test(text), 'instant.out_of_range'))
export const date = z.iso
  .date()
  .check(z.refine((text) => /^(19|20)/.test(text), 'date.out_of_range'))
/** Integer fen. 10^13 fen is 1,000 亿 yuan: more than any account here will ever hold. */
export const fen = z.int().check(z.minimum(0), z.maximum(1e13))
export const signedFen = z.int().check(z.minimum(-1e13), z.maximum(1e13))
export const uscc = z.string().check(z.regex(/^[0-9A-Z]{18}$/))
export const phone = z.string().check(z.regex(/^1[3-9]\d{9}$/))
export const count = z.int().check(z.minimum(0), z.maximum(1e6))

/** A page of a list: opaque cursor in, at most 100 rows out. */
export const pageInput = {
  cursor: z.optional(z.string().check(z.maxLength(200))),
  limit: z.optional(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(100))),
}

export function pageOf<T extends z.ZodMiniType>(row: T) {
  return z.object({ rows: z.array(row), nextCursor: z.nullable(z.string()) })
}

export type Page<T> = { rows: T[]; nextCursor: string | null }

/**
 * PostgreSQL stores neither NUL nor a lone surrogate: text that holds one is refused at the edge.
 */
function isWellFormed(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i)
    if (code === 0) return false
    if (code >= 0xd800 && code <= 0xdbff) {
      const next = value.charCodeAt(i + 1)
      if (!(next >= 0xdc00 && next <= 0xdfff)) return false
      i++
    } else if (code >= 0xdc00 && code <= 0xdfff) return false
  }
  return true
}
