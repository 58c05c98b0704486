import type { z } from 'zod/mini'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

export type Endpoint<
  I extends z.ZodMiniType = z.ZodMiniType,
  O extends z.ZodMiniType = z.ZodMiniType,
> = {
  method: Method
  /** Below `/api`, with `:name` for a path parameter. Path parameters are fields of `input`. */
  path: `/${string}`
  /**
   * One object: path parameters, then query (GET) or JSON body (the others). Unknown fields are
   * refused.
   */
  input: I
  output: O
  /** The answer is not stored under its idempotency key, because it holds a secret (a token). */
  forgetful?: true
  /** What the document says about it, one sentence. */
  summary: string
}

export type InputOf<E> = E extends Endpoint<infer I, z.ZodMiniType> ? z.output<I> : never
export type OutputOf<E> = E extends Endpoint<z.ZodMiniType, infer O> ? z.output<O> : never

/**
 * Declares an endpoint, once: route, typed call and OpenAPI are made from it. Who may call it
 * stands in `access.ts`.
 */
export function endpoint<I extends z.ZodMiniType, O extends z.ZodMiniType>(
  declared: Endpoint<I, O>,
): Endpoint<I, O> {
  return declared
}
