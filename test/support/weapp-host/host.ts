import { readBuild } from './build.ts'
import { type Logic, startLogic, textOf } from './logic.ts'
import { asFields, clone, type Fields, isFn, type ViewElement, type WxComponent } from './types.ts'
import { startView, type View } from './view.ts'
import { intersectionObserver, makeWx, selectorQuery } from './wx.ts'

/** WeChat's limit: the eleventh navigateTo fails. */
const STACK_MAX = 10

export type WeappOptions = {
  /** Where wx.request goes instead of the address of the build: `http://127.0.0.1:49152`. */
  serverAt?: string
  theme?: 'light' | 'dark'
  /** The font scale chosen in WeChat; 1.3 and more is the elder version. */
  fontSizeScaleFactor?: number
  functionStub?: boolean
  noIntl?: boolean
  /** What is in storage before the program starts. */
  storage?: Record<string, unknown>
}

/** A running mini-program, and what a test does with it. */
export type Weapp = {
  /**
   * Opens a page alone, as from a scanned code: `tabs/home/index?tab=me`. Default the first page.
   */
  launch: (url?: string) => void
  text: () => string
  html: () => string
  /** Routes of the open pages, the front one last. */
  stack: () => string[]
  /** By `#id` or any CSS selector, in the front page. */
  find: (selector: string) => ViewElement | null
  findAll: (selector: string) => ViewElement[]
  /** The innermost element with this text, or with this accessible label. */
  findText: (text: string) => ViewElement | null
  /** The properties the built-in component was given (src, value, ariaLabel…). */
  props: (target: string | ViewElement) => Fields
  tap: (target: string | ViewElement) => void
  input: (target: string | ViewElement, value: string) => void
  fire: (target: string | ViewElement, type: string, detail?: unknown) => void
  back: () => void
  /** Waits until `ask` gives something that is not false or null. */
  until: <T>(ask: () => T, withinMs?: number) => Promise<NonNullable<T>>
  untilText: (text: string) => Promise<void>
  storage: Map<string, unknown>
  /** What scanCode will answer, in order. */
  scans: string[]
  calls: [name: string, argument: unknown][]
  errors: string[]
  warnings: string[]
  /** What crossed to the view: number of setData, bytes in all, bytes of the largest. */
  setData: { calls: number; bytes: number; max: number }
}

type OpenPage = { route: string; instance: Fields; element: ViewElement }

type World = {
  logic: Logic
  view: View
  stack: OpenPage[]
  pages: string[]
  guard: (act: () => unknown) => unknown
  count: (data: unknown) => void
}

/** Starts the mini-program built in `dist`. It is not shown until `launch()`. */
export async function startWeapp(dist: string, options: WeappOptions = {}): Promise<Weapp> {
  const build = readBuild(dist)
  const errors: string[] = []
  const setData = { calls: 0, bytes: 0, max: 0 }
  const stack: OpenPage[] = []
  const storage = new Map(Object.entries(options.storage ?? {}))
  const scans: string[] = []
  const calls: [string, unknown][] = []
  const guard = (act: () => unknown) => {
    try {
      return act()
    } catch (error) {
      errors.push(textOf(error))
      return undefined
    }
  }
  const count = (data: unknown) => {
    const bytes = Buffer.byteLength(JSON.stringify(data) ?? '')
    setData.calls++
    setData.bytes += bytes
    setData.max = Math.max(setData.max, bytes)
  }
  const navigator = navigatorOf(() => world)
  const wx = makeWx({
    navigator,
    firstPage: build.pages[0] ?? '',
    storage,
    scans,
    calls,
    serverAt: options.serverAt ?? null,
    theme: options.theme ?? 'light',
    fontSizeScaleFactor: options.fontSizeScaleFactor ?? 1,
  })
  const logic = startLogic(build, {
    wx,
    currentPages: () => stack.map((page) => page.instance),
    onError: (text) => errors.push(text),
    functionStub: options.functionStub ?? true,
    noIntl: options.noIntl ?? false,
  })
  const view = await startView(build, logic, { guard, countData: count })
  const world: World = { logic, view, stack, pages: build.pages, guard, count }
  return {
    ...handsOf(world, navigator, errors),
    storage,
    scans,
    calls,
    errors,
    warnings: view.warnings,
    setData,
  }
}

function navigatorOf(world: () => World) {
  return {
    navigateTo: (url: string) => openPage(world(), url),
    redirectTo: (url: string) => {
      closePage(world())
      openPage(world(), url)
    },
    reLaunch: (url: string) => {
      while (world().stack.length > 0) closePage(world())
      openPage(world(), url)
    },
    navigateBack: (delta: number) => {
      for (let i = 0; i < delta && world().stack.length > 1; i++) closePage(world())
      call(world(), front(world()).instance, 'onShow')
    },
  }
}

function openPage(world: World, url: string): void {
  const [route = '', query = ''] = url.replace(/^\//, '').split('?')
  if (!world.pages.includes(route)) throw new Error(`page "${route}" is not found`)
  if (world.stack.length >= STACK_MAX) throw new Error('webview count limit exceed')
  // WeChat hands the query over as it is written, not decoded.
  const options = Object.fromEntries(
    query
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  )
  const instance: Fields = {}
  const { component, element } = world.view.openPage(route, instance)
  Object.assign(instance, pageInstance(world, route, options, component))
  const before = world.stack[world.stack.length - 1]
  if (before !== undefined) call(world, before.instance, 'onHide')
  world.stack.push({ route, instance, element })
  call(world, instance, 'onLoad', options)
  call(world, instance, 'onShow')
  setTimeout(() => call(world, instance, 'onReady'), 0)
}

function pageInstance(
  world: World,
  route: string,
  options: Fields,
  component: WxComponent,
): Fields {
  const config = world.logic.pageConfigs.get(route) ?? {}
  const data = asFields(clone(config.data ?? {}))
  return {
    ...config,
    data,
    route,
    options,
    __route__: route,
    getPageId: () => route,
    getOpenerEventChannel: () => ({ on: () => undefined, emit: () => undefined }),
    setData: (change: Fields, then?: () => void) => {
      world.count(change)
      const crossed = clone(change)
      for (const [at, value] of Object.entries(crossed)) setAt(data, at, value)
      component.setData(crossed)
      if (then !== undefined) setTimeout(then, 0)
    },
    selectComponent: () => null,
    createSelectorQuery: selectorQuery,
    createIntersectionObserver: intersectionObserver,
  }
}

function closePage(world: World): void {
  const page = world.stack.pop()
  if (page === undefined) return
  call(world, page.instance, 'onUnload')
  page.element.remove()
}

function call(world: World, instance: Fields, name: string, ...args: unknown[]): void {
  const fn = instance[name]
  if (isFn(fn)) world.guard(() => fn.apply(instance, args))
}

function front(world: World): OpenPage {
  const page = world.stack[world.stack.length - 1]
  if (page === undefined) throw new Error('no page is open: call launch() first')
  return page
}

/** `root.cn.[0].cl` names a place in the data. */
function setAt(data: Fields, at: string, value: unknown): void {
  const keys = at
    .replace(/\[(\d+)\]/g, '.$1')
    .split('.')
    .filter(Boolean)
  const last = keys.pop()
  if (last === undefined) return
  let place = data
  keys.forEach((key, index) => {
    const next = keys[index + 1] ?? last
    place[key] ??= /^\d+$/.test(next) ? [] : {}
    place = place[key] as Fields
  })
  place[last] = value
}

type Hands = Omit<Weapp, 'storage' | 'scans' | 'calls' | 'errors' | 'warnings' | 'setData'>

function handsOf(world: World, navigator: ReturnType<typeof navigatorOf>, errors: string[]): Hands {
  const element = () => front(world).element
  const text = () => element().textContent
  const findAll = (selector: string) => {
    if (!selector.startsWith('#')) return [...element().querySelectorAll(selector)]
    const id = selector.slice(1)
    return [...element().querySelectorAll('*')].filter((one) => one.__wxElement?.id === id)
  }
  const find = (selector: string) => findAll(selector)[0] ?? null
  const findText = (text: string) => innermost([...element().querySelectorAll('*')], text)
  const targetOf = (target: string | ViewElement) => {
    if (typeof target !== 'string') return target
    const found = (/^[#.]/.test(target) ? find(target) : null) ?? findText(target)
    if (found === null)
      throw new Error(`nothing like "${target}" on screen: ${element().textContent.slice(0, 400)}`)
    return found
  }
  const fire = (target: string | ViewElement, type: string, detail: unknown = {}) => {
    const wxElement = targetOf(target).__wxElement
    if (wxElement === undefined) throw new Error('no mini-program element behind this one')
    wxElement.triggerEvent(type, detail, { bubbles: true, composed: true, capturePhase: true })
  }
  const until = async <T>(ask: () => T, withinMs = 4000): Promise<NonNullable<T>> => {
    const start = Date.now()
    for (;;) {
      const value = ask()
      if (value !== null && value !== undefined && value !== false) return value as NonNullable<T>
      if (Date.now() - start > withinMs) {
        throw new Error(
          `timed out; on screen: ${text().slice(0, 600)}; errors: ${errors.join('\n')}`,
        )
      }
      await new Promise((resolve) => setTimeout(resolve, 15))
    }
  }
  return {
    launch: (url = world.pages[0] ?? '') => {
      const start = { path: url.split('?')[0], query: {}, scene: 1001, referrerInfo: {} }
      const app = world.logic.app()
      call(world, app, 'onLaunch', start)
      call(world, app, 'onShow', start)
      navigator.reLaunch(url)
    },
    text,
    html: () => element().innerHTML,
    stack: () => world.stack.map((page) => page.route),
    find,
    findAll,
    findText,
    props: (target) => targetOf(target).__wxElement?.data ?? {},
    tap: (target) => fire(target, 'tap', { x: 1, y: 1 }),
    input: (target, value) => fire(target, 'input', { value, cursor: value.length }),
    fire,
    back: () => navigator.navigateBack(1),
    until,
    untilText: async (text) => {
      await until(() => element().textContent.includes(text))
    },
  }
}

/** The last of those that hold the text is the innermost; a label counts as text. */
function innermost(all: ViewElement[], text: string): ViewElement | null {
  const byText = all.filter((one) => one.textContent.includes(text))
  const byLabel = all.filter((one) => one.__wxElement?.data.ariaLabel === text)
  return byLabel[byLabel.length - 1] ?? byText[byText.length - 1] ?? null
}
