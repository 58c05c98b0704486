/**
 * How long the server waits for whom, and how much it reads before it knows them: a client that
 * dribbles its request holds one socket for half a minute at most.
 */
export const httpSettings = {
  headersTimeout: 15_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 10_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16_384,
} as const
