import Taro from '@tarojs/taro'
import { supports } from './support.ts'

/** What a code on an instrument says: the six-character short code, or nothing we know. */
export type Scanned = { kind: 'code'; code: string } | { kind: 'unknown'; text: string }

/**
 * Scans with the camera; null when the person gave up, or where there is no scanner (ask for the
 * short code).
 */
export async function scanCode(): Promise<Scanned | null> {
  if (!supports('scan')) return null
  try {
    const result = await Taro.scanCode({ onlyFromCamera: false })
    return typeof result.result === 'string' ? readCode(result.result) : null
  } catch {
    return null // closed by the person: the only failure WeChat reports here
  }
}

/**
 * Reads the address on a sticker (`https://…/i/AB12CD`), a landing query, or the bare short code.
 */
export function readCode(text: string): Scanned {
  const address = decode(text.trim())
  const match = /(?:^|\/i\/)([0-9A-Za-z]{6})(?:[/?#]|$)/.exec(address)
  const code = match?.[1]
  return code === undefined
    ? { kind: 'unknown', text: address }
    : { kind: 'code', code: code.toUpperCase() }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // a stray % in something that is not ours
  }
}
