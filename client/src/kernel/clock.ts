import { useEffect, useState } from 'react'

let offsetMs = 0

/** Learns the server's clock from the `x-server-time` header of an answer. */
export function learnServerTime(header: string | undefined): void {
  const at = header === undefined ? Number.NaN : Date.parse(header)
  if (Number.isFinite(at)) offsetMs = at - Date.now()
}

/**
 * Now, by the server's clock. The device's own clock may be wrong, and a demonstration's is ahead.
 */
export function serverNow(): Date {
  return new Date(Date.now() + offsetMs)
}

/** `serverNow()`, rendered again every `everyMs`. */
export function useServerNow(everyMs = 1000): Date {
  const [now, setNow] = useState(serverNow)
  // A timer is outside React: it must be started and stopped by hand.
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}
