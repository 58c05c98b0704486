/**
 * How long the server waits for whom, and how much it reads before it knows them: a client that
 * dribbles its head holds one socket for twenty seconds at most. The whole request has as long as a
 * file of 200 MB needs at 3 Mbit/s; for the body of other changes see `BODY_TIMEOUT_MS`.
 */
export const httpSettings = {
  headersTimeout: 15_000,
  requestTimeout: 600_000,
  // Longer than a proxy in front keeps a connection that rests (nginx: 60 s), so that it never
  // sends into one that is just being closed.
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16_384,
} as const

/** What the edge grants the body of a change that is no upload: 256 KB at most. */
export const BODY_TIMEOUT_MS = 30_000
