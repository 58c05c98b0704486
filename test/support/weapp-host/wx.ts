import { asFields, clone, type Fields, type Fn, isFn } from './types.ts'
import { wxRequest } from './wx-request.ts'

/** What the host does when the program navigates. */
export type Navigator = {
  navigateTo: (url: string) => void
  redirectTo: (url: string) => void
  reLaunch: (url: string) => void
  navigateBack: (delta: number) => void
}

export type WxOptions = {
  navigator: Navigator
  firstPage: string
  storage: Map<string, unknown>
  /** What scanCode answers, one after another; when empty, the person has closed the scanner. */
  scans: string[]
  calls: [name: string, argument: unknown][]
  serverAt: string | null
  theme: 'light' | 'dark'
  fontSizeScaleFactor: number
}

/** Answers with success and does nothing: what the screens need no more of. */
const plainApis = [
  ...[
    'setNavigationBarTitle',
    'setNavigationBarColor',
    'showToast',
    'hideToast',
    'showLoading',
    'hideLoading',
  ],
  ...[
    'pageScrollTo',
    'stopPullDownRefresh',
    'startPullDownRefresh',
    'vibrateShort',
    'setClipboardData',
  ],
  ...[
    'requestSubscribeMessage',
    'setBackgroundColor',
    'setBackgroundTextStyle',
    'getSetting',
    'authorize',
  ],
  ...[
    'makePhoneCall',
    'openLocation',
    'loadFontFace',
    'previewImage',
    'chooseMedia',
    'uploadFile',
    'downloadFile',
  ],
  ...['setKeepScreenOn', 'openDocument', 'chooseMessageFile', 'getNetworkType'],
]

/** Listeners of the system: kept quiet. */
const listeners = [
  ...[
    'AppShow',
    'AppHide',
    'Error',
    'UnhandledRejection',
    'PageNotFound',
    'ThemeChange',
    'NetworkStatusChange',
  ],
  ...['KeyboardHeightChange', 'WindowResize', 'MemoryWarning'],
].flatMap((name) => [`on${name}`, `off${name}`])

/** The `wx` object: every call is noted in `calls`. */
export function makeWx(options: WxOptions): Fields {
  const api: Fields = {
    ...Object.fromEntries(listeners.map((name) => [name, () => undefined])),
    ...Object.fromEntries(
      plainApis.map((name) => [name, (asked: unknown) => succeed(asked, name)]),
    ),
    ...systemApis(options),
    ...storageApis(options.storage),
    ...navigationApis(options.navigator),
    request: (asked: unknown) => wxRequest(asked, options.serverAt),
    scanCode: (asked: unknown) => {
      const next = options.scans.shift()
      if (next === undefined) fail(asked, 'scanCode', 'cancel')
      else succeed(asked, 'scanCode', { result: next, scanType: 'QR_CODE' })
    },
    login: (asked: unknown) => succeed(asked, 'login', { code: 'test-code' }),
    showModal: (asked: unknown) => succeed(asked, 'showModal', { confirm: true, cancel: false }),
    nextTick: (then: () => void) => setTimeout(then, 0),
    canIUse: () => true,
    createSelectorQuery: selectorQuery,
    createIntersectionObserver: intersectionObserver,
    env: { USER_DATA_PATH: 'http://usr' },
  }
  return new Proxy(api, {
    get(target, name) {
      const value = target[name as string]
      if (typeof name !== 'string' || !isFn(value) || !Object.hasOwn(target, name)) return value
      if (name === 'nextTick') return value
      return (...args: unknown[]) => {
        options.calls.push([name, plain(args[0])])
        return value(...args)
      }
    },
  })
}

function plain(value: unknown): unknown {
  return typeof value === 'function' ? undefined : clone(value)
}

function succeed(asked: unknown, name: string, more: Fields = {}): void {
  settle(asked, 'success', { errMsg: `${name}:ok`, ...more })
}

function fail(asked: unknown, name: string, why: string): void {
  settle(asked, 'fail', { errMsg: `${name}:fail ${why}` })
}

function settle(asked: unknown, how: 'success' | 'fail', value: Fields): void {
  const { [how]: then, complete } = asFields(asked)
  setTimeout(() => {
    if (isFn(then)) then(value)
    if (isFn(complete)) complete(value)
  }, 0)
}

function systemApis(options: WxOptions): Fields {
  const system = {
    brand: 'devtools',
    model: 'iPhone 15',
    system: 'iOS 17.0',
    platform: 'ios',
    pixelRatio: 3,
    windowWidth: 390,
    windowHeight: 753,
    screenWidth: 390,
    screenHeight: 844,
    statusBarHeight: 47,
    language: 'zh_CN',
    version: '8.0.50',
    SDKVersion: '3.8.10',
    fontSizeSetting: 16,
    fontSizeScaleFactor: options.fontSizeScaleFactor,
    theme: options.theme,
    safeArea: { top: 47, left: 0, right: 390, bottom: 810, width: 390, height: 763 },
  }
  const launch = () => ({ path: options.firstPage, query: {}, scene: 1001, referrerInfo: {} })
  const capsule = { top: 51, left: 296, right: 383, bottom: 83, width: 87, height: 32 }
  const same = () => ({ ...system })
  return {
    getSystemInfoSync: same,
    getWindowInfo: same,
    getAppBaseInfo: same,
    getDeviceInfo: same,
    getSystemSetting: () => ({}),
    getAppAuthorizeSetting: () => ({}),
    getSystemInfo: (asked: unknown) => succeed(asked, 'getSystemInfo', system),
    getMenuButtonBoundingClientRect: () => ({ ...capsule }),
    getLaunchOptionsSync: launch,
    getEnterOptionsSync: launch,
    getAccountInfoSync: () => ({
      miniProgram: { appId: 'touristappid', envVersion: 'develop', version: '' },
    }),
    getUpdateManager: () => ({
      onCheckForUpdate: () => undefined,
      onUpdateReady: () => undefined,
      onUpdateFailed: () => undefined,
      applyUpdate: () => undefined,
    }),
  }
}

function storageApis(storage: Map<string, unknown>): Fields {
  return {
    setStorageSync: (key: string, value: unknown) => void storage.set(key, clone(value)),
    getStorageSync: (key: string) => (storage.has(key) ? clone(storage.get(key)) : ''),
    removeStorageSync: (key: string) => void storage.delete(key),
    clearStorageSync: () => storage.clear(),
    getStorageInfoSync: () => ({ keys: [...storage.keys()], currentSize: 0, limitSize: 10_240 }),
    setStorage: (asked: Fields) => {
      storage.set(String(asked.key), clone(asked.data))
      succeed(asked, 'setStorage')
    },
    getStorage: (asked: Fields) => {
      const key = String(asked.key)
      if (storage.has(key)) succeed(asked, 'getStorage', { data: clone(storage.get(key)) })
      else fail(asked, 'getStorage', 'data not found')
    },
    removeStorage: (asked: Fields) => {
      storage.delete(String(asked.key))
      succeed(asked, 'removeStorage')
    },
  }
}

function navigationApis(navigator: Navigator): Fields {
  const to =
    (name: string, act: (asked: Fields) => void): Fn =>
    (asked) => {
      try {
        act(asFields(asked))
        succeed(asked, name)
      } catch (error) {
        fail(asked, name, error instanceof Error ? error.message : String(error))
      }
    }
  return {
    navigateTo: to('navigateTo', (asked) => navigator.navigateTo(String(asked.url))),
    redirectTo: to('redirectTo', (asked) => navigator.redirectTo(String(asked.url))),
    reLaunch: to('reLaunch', (asked) => navigator.reLaunch(String(asked.url))),
    navigateBack: to('navigateBack', (asked) => navigator.navigateBack(Number(asked.delta ?? 1))),
  }
}

/** There is no layout: every box is as wide as the window and a line high. */
export function selectorQuery(): Fields {
  const box = { left: 0, top: 0, right: 390, bottom: 40, width: 390, height: 40 }
  const waiting: Fn[] = []
  const query: Fields = {
    exec: (then?: Fn) => {
      setTimeout(() => {
        for (const one of waiting) one(box)
        then?.([box])
      }, 0)
    },
  }
  for (const name of ['in', 'select', 'selectAll', 'selectViewport', 'node', 'context'])
    query[name] = () => query
  for (const name of ['boundingClientRect', 'scrollOffset', 'fields']) {
    query[name] = (...args: unknown[]) => {
      const then = args.find(isFn)
      if (then !== undefined) waiting.push(then)
      return query
    }
  }
  return query
}

export function intersectionObserver(): Fields {
  const observer: Fields = { observe: () => undefined, disconnect: () => undefined }
  for (const name of ['relativeTo', 'relativeToViewport']) observer[name] = () => observer
  return observer
}
