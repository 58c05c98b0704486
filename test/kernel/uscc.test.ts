import { usccCheckPasses } from '@yiqi/shared/kernel/uscc.ts'
import { expect, it } from 'vitest'

it.each([
  '91140100MA0TEXT12Y',
  '91140200MA0TEXT20Y',
  '91141100MA0TEXT393',
  '12140000TEXT00017H',
  '11140000TEXT00092D',
])('the check character of %s is right', (uscc) => {
  expect(usccCheckPasses(uscc)).toBe(true)
})

it.each(['91140100MA0TEXT12X', '91140100MA0TEXT12', '91140100MA0TEXT1IY', ''])(
  '%j does not pass',
  (uscc) => {
    expect(usccCheckPasses(uscc)).toBe(false)
  },
)
