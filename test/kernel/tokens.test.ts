import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'

const file = path.resolve(import.meta.dirname, '../../client/src/kernel/parts/_tokens.scss')
const source = readFileSync(file, 'utf8')

/** The colours of one theme: `--ink` → `#12202b`. */
function themeOf(name: string): Record<string, string> {
  const body = new RegExp(`@mixin ${name} \\{([^}]*)\\}`).exec(source)?.[1] ?? ''
  return Object.fromEntries(
    [...body.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})\s*;/gi)].map(([, key, value]) => [key, value]),
  )
}

/** Relative luminance, WCAG 2.2. */
function luminance(colour: string): number {
  const channel = (at: number) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (light + 0.05) / (dark + 0.05)
}

const texts: [string, string][] = [
  ...['bg', 'surface', 'sunken'].flatMap((back) =>
    ['ink', 'ink2', 'ink3'].map((text): [string, string] => [text, back]),
  ),
  ...['primary', 'voucher', 'ok', 'warn', 'bad', 'info'].map((text): [string, string] => [
    text,
    'surface',
  ]),
  ...['primary', 'voucher', 'ok', 'warn', 'bad', 'info'].map((text): [string, string] => [
    text,
    `${text}-soft`,
  ]),
  ['primary', 'bg'],
  ['on-primary', 'primary'],
  ['on-primary', 'primary-press'],
  ['ink', 'slot-free'],
  ['ink2', 'voucher-soft'],
  ['ink', 'primary-soft'],
  ['on-fill', 'bad'],
  ['rail-ink', 'rail'],
  ['on-rail-active', 'rail-active'],
  ['surface', 'ink'],
]

describe.each(['light', 'dark'])('%s theme', (name) => {
  const theme = themeOf(name)

  test.each(texts)('text %s on %s has a contrast of at least 4.5', (text, back) => {
    expect(contrast(theme[text] ?? '', theme[back] ?? '')).toBeGreaterThanOrEqual(4.5)
  })

  test('control lines on the surface have a contrast of at least 3', () => {
    expect(contrast(theme['line-strong'] ?? '', theme.surface ?? '')).toBeGreaterThanOrEqual(3)
  })
})

test('both themes name the same colours', () => {
  expect(Object.keys(themeOf('dark'))).toEqual(Object.keys(themeOf('light')))
})
