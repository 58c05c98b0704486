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

/** SQLSTATE classes whose words quote values: data, raised by a function, internal. */
const quoting = /^(22|P0|XX)/

/**
 * What may be logged of an error: its words and where it came from; of errors whose words quote
 * what people typed only the code and where.
 */
export function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return 'thrown, and not an error'
  const { name, message, stack = '' } = error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const where = stack.split('\n').filter((line) => line.startsWith('    at '))
  const silent = quoting.test(code) || error instanceof SyntaxError
  return [`${name} ${code}: ${silent ? '(words withheld)' : message}`, ...where].join('\n')
}
