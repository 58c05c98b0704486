import type { LogLevel } from './config.ts'

export type Fields = Record<string, string | number | boolean | null>
/** Events with fields, one JSON line each; never sentences, never personal data. */
export type Log = (level: Exclude<LogLevel, 'silent'>, event: string, fields?: Fields) => void

const order = ['debug', 'info', 'warn', 'error', 'silent'] as const

/** A log that writes lines at or above `level` to standard output. */
export function makeLog(level: LogLevel): Log {
  return (at, event, fields = {}) => {
    if (order.indexOf(at) < order.indexOf(level)) return
    process.stdout.write(
      `${JSON.stringify({ at: new Date().toISOString(), level: at, event, ...fields })}\n`,
    )
  }
}

export const silentLog: Log = () => {}
