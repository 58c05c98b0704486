import { maskPhone } from '@yiqi/shared/identity/terms.ts'

/** Brings a one-time code to a phone. */
export type DeliverCode = (phone: string, code: string) => void

/**
 * The stand-in for text messages: this version has no contract with a carrier, so the code is
 * printed on the server's console, where only its operator reads it.
 */
export const deliverToConsole: DeliverCode = (phone, code) => {
  process.stdout.write(`[log-in code, in place of a text message] ${maskPhone(phone)}: ${code}\n`)
}
