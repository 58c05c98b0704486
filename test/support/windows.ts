import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { codeIn } from './api.ts'

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
const DESK = { viewport: { width: 1440, height: 900 } }

/** A person's window, driven by what is visible on it. */
export type Window = {
  page: Page
  context: BrowserContext
  /** The visible element with this id; pages below stay in the document. */
  on: (id: string) => Locator
  tap: (id: string) => Promise<void>
  type: (id: string, words: string) => Promise<void>
  /** Confirms what was typed, as the keyboard's search key does. */
  enter: (id: string) => Promise<void>
  see: (words: string) => Promise<void>
  open: (path: string) => Promise<void>
  /** Logs in as a person of the demonstration, by tapping their card. */
  logInAs: (personId: string) => Promise<void>
  /** Logs in by phone and the one-time code that the server prints in place of sending. */
  logInByPhone: (phone: string, printed: () => string) => Promise<void>
  /** What went wrong in the page by itself. */
  errors: string[]
}

export async function openWindow(
  browser: Browser,
  url: string,
  kind: 'phone' | 'desk',
): Promise<Window> {
  const context = await browser.newContext({
    ...(kind === 'phone' ? PHONE : DESK),
    locale: 'zh-CN',
  })
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  const on = (id: string) => page.locator(`[id="${id}"]:visible`).last()
  const window: Window = {
    page,
    context,
    on,
    errors,
    tap: (id) => on(id).click(),
    type: (id, words) => on(id).locator('input, textarea').first().fill(words),
    enter: (id) => on(id).locator('input').first().press('Enter'),
    see: (words) => page.getByText(words).filter({ visible: true }).first().waitFor(),
    open: async (path) => void (await page.goto(`${url}${path}`)),
    logInAs: async (personId) => {
      await page.goto(`${url}/tabs/log-in/index`)
      await on(`demo-${personId}`).click()
      await page.waitForURL('**/tabs/home/index**')
    },
    logInByPhone: async (phone, printed) => {
      await page.goto(`${url}/tabs/log-in/index`)
      await window.tap('log-in-agree')
      await window.type('log-in-phone', phone)
      const before = printed().length
      await window.tap('log-in-ask')
      const code = await codeIn(() => printed().slice(before))
      await window.type('log-in-code', code)
      await window.tap('log-in-submit')
      await page.waitForURL('**/tabs/home/index**')
    },
  }
  return window
}
