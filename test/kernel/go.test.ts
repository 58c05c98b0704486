import { existsSync } from 'node:fs'
import path from 'node:path'
import { roleFamilies } from '@yiqi/shared/identity/terms.ts'
import { expect, test } from 'vitest'
import { railLinksOf, tabsOf } from '../../client/src/kernel/navigation.ts'
import { pagesByModule, pathOf, paths, tabPages } from '../../client/src/kernel/site.ts'

/** Every builder called with each of its parameters named after itself. */
function siteMap(): string[] {
  const anything = new Proxy(
    {},
    { ownKeys: () => ['id'], getOwnPropertyDescriptor: () => described, get: () => 'ID' },
  )
  return Object.values(paths).flatMap((builders) =>
    Object.values(builders).map((build) => (build as (params: unknown) => string)(anything)),
  )
}
const described = { enumerable: true, configurable: true, value: 'ID' }

test('the site map', () => {
  expect(siteMap()).toMatchInlineSnapshot(`
    [
      "/tabs/home/index?id=ID",
      "/tabs/log-in/index?id=ID",
      "/tabs/scan/index?id=ID",
      "/identity/settings/index",
      "/identity/devices/index",
      "/identity/verify-organisation/index?id=ID",
      "/identity/members/index",
      "/identity/join/index?id=ID",
      "/identity/desk-organisations/index",
      "/identity/privacy/index",
      "/identity/desk-audit/index",
      "/identity/bank-account/index",
      "/identity/technicians/index",
      "/catalogue/find-instrument/index?id=ID",
      "/catalogue/instrument/index?id=ID",
      "/charging/desk-receipts/index",
      "/notice/privacy-receipts/index",
      "/notice/verify-document/index?id=ID",
      "/voucher/quota/index?id=ID",
      "/voucher/ledger/index?id=ID",
      "/voucher/desk-programmes/index",
      "/booking/find-slot/index?id=ID",
      "/booking/request-booking/index?id=ID",
      "/booking/booking/index?id=ID",
      "/booking/declare-outage/index?id=ID",
      "/session/run-session/index?id=ID",
      "/session/session-record/index?id=ID",
      "/redemption/open-claim/index?id=ID",
      "/redemption/claim/index?id=ID",
      "/redemption/desk-reconciliation/index?id=ID",
    ]
  `)
})

test('every path leads to a page of the site', () => {
  const pages = [
    ...tabPages.map((page) => pathOf('tabs', page)),
    ...Object.entries(pagesByModule).flatMap(([module, names]) =>
      names.map((name) => pathOf(module, name)),
    ),
  ]
  for (const target of siteMap()) expect(pages).toContain(target.split('?')[0])
})

test('a parameter is encoded, and one that is not there leaves no trace', () => {
  expect(paths.catalogue.findInstrument({ q: '扫描 & 电镜' })).toBe(
    '/catalogue/find-instrument/index?q=%E6%89%AB%E6%8F%8F%20%26%20%E7%94%B5%E9%95%9C',
  )
  expect(paths.catalogue.findInstrument({ q: '' })).toBe('/catalogue/find-instrument/index')
  expect(paths.tabs.logIn({ back: '/booking/booking/index?id=1' })).toBe(
    '/tabs/log-in/index?back=%2Fbooking%2Fbooking%2Findex%3Fid%3D1',
  )
})

test('every role has at most four tabs, the first of them home', () => {
  for (const family of roleFamilies) {
    const tabs = tabsOf(family)
    expect(tabs.length).toBeLessThanOrEqual(4)
    expect(tabs[0]?.id).toBe('home')
    expect(new Set(tabs.map((tab) => tab.id)).size).toBe(tabs.length)
  }
})

test('a rail link that is a desk page is one that exists in the site', () => {
  const known = Object.entries(pagesByModule).flatMap(([module, names]) =>
    names.map((name) => pathOf(module, name)),
  )
  for (const family of roleFamilies)
    for (const link of railLinksOf(family)) expect(known).toContain(link.path)
})

test('a tab’s deep link page is there', () => {
  for (const page of tabPages) {
    expect(
      existsSync(path.resolve(import.meta.dirname, `../../client/src/tabs/${page}/index.tsx`)),
      page,
    ).toBe(true)
  }
})
