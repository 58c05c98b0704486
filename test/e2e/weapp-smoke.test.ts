import path from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { startWeapp, type Weapp } from '../support/weapp-host/host.ts'

const dist = path.resolve(import.meta.dirname, '../../client/dist/weapp')

let weapp: Weapp

beforeAll(async () => {
  weapp = await startWeapp(dist)
  weapp.launch()
})

test('the built mini-program opens on the shell with a visitor’s tabs', async () => {
  await weapp.untilText('找仪器')
  expect(weapp.text()).toContain('我的')
  expect(weapp.stack()).toEqual(['tabs/home/index'])
})

test('its templates compile without an error and carry accessible roles', async () => {
  expect(weapp.warnings.filter((line) => /error/i.test(line))).toEqual([])
  const bar = await weapp.until(() => weapp.findAll('.p-tab-bar')[0])
  expect(weapp.props(bar).ariaRole).toBe('tablist')
})

test('a tab switches in place, without another page', async () => {
  weapp.tap('我的')
  await weapp.until(() => weapp.findAll('.p-tab-on')[0]?.textContent.includes('我的'))
  expect(weapp.stack()).toEqual(['tabs/home/index'])
})

test('a deep link to a tab ends in the shell', async () => {
  weapp.launch('tabs/me/index')
  await weapp.until(() => weapp.stack()[0] === 'tabs/home/index')
})

test('nothing was written to the console as an error', () => {
  expect(weapp.errors).toEqual([])
})
