import path from 'node:path'
import vm from 'node:vm'
import { type Build, resolved } from './build.ts'
import type { Fields, Fn } from './types.ts'

/** The logic thread: modules of the build, run where only what WeChat gives is there. */
export type Logic = {
  requireModule: (file: string) => unknown
  /** What each file handed to Page() and Component(), by its path without `.js`. */
  pageConfigs: Map<string, Fields>
  componentConfigs: Map<string, Fields>
  app: () => Fields
}

export type LogicOptions = {
  wx: unknown
  currentPages: () => unknown[]
  /** Called with what the program writes to the console as an error. */
  onError: (text: string) => void
  /**
   * WeChat's Function constructor: it does not throw, and what it makes cannot be called. Default
   * true.
   */
  functionStub?: boolean
  /** Some devices have no Intl. */
  noIntl?: boolean
}

// In a mini-program these names are there and undefined, whatever the host has.
const shadowed = [
  'window',
  'document',
  'frames',
  'self',
  'location',
  'navigator',
  'localStorage',
  'history',
  'screen',
  'fetch',
  'XMLHttpRequest',
  'WebSocket',
]

export function startLogic(build: Build, options: LogicOptions): Logic {
  const pageConfigs = new Map<string, Fields>()
  const componentConfigs = new Map<string, Fields>()
  const modules = new Map<string, { exports: unknown }>()
  let app: Fields = {}
  let loading = ''
  const context = makeContext(options, {
    App: (config: Fields) => {
      app = config
    },
    getApp: () => app,
    Page: (config: Fields) => pageConfigs.set(loading, config),
    Component: (config: Fields) => componentConfigs.set(loading, config),
    Behavior: (config: Fields) => config,
  })

  const requireModule = (file: string): unknown => {
    const known = modules.get(file)
    if (known !== undefined) return known.exports
    const module = { exports: {} as unknown }
    modules.set(file, module)
    const body = `(function(require,module,exports,${shadowed.join(',')}){${build.text(file)}\n})`
    const run = vm.runInContext(body, context, { filename: path.join(build.dist, file) }) as Fn
    const before = loading
    loading = file.replace(/\.js$/, '')
    const requireFrom = (target: unknown) => {
      const found = resolved(file, String(target))
      return requireModule(found.endsWith('.js') ? found : `${found}.js`)
    }
    run.call(module.exports, requireFrom, module, module.exports)
    loading = before
    return module.exports
  }
  requireModule('app.js')
  return { requireModule, pageConfigs, componentConfigs, app: () => app }
}

function makeContext(options: LogicOptions, entry: Fields): vm.Context {
  const written = (...parts: unknown[]) => {
    options.onError(parts.map(textOf).join(' '))
  }
  const quiet = () => undefined
  const context = vm.createContext(
    {
      ...entry,
      wx: options.wx,
      getCurrentPages: options.currentPages,
      requirePlugin: () => ({}),
      console: {
        log: quiet,
        info: quiet,
        debug: quiet,
        warn: quiet,
        error: written,
        group: quiet,
        groupEnd: quiet,
      },
      setTimeout,
      clearTimeout,
      setInterval,
      clearInterval,
    },
    { codeGeneration: { strings: options.functionStub !== false, wasm: false } },
  )
  vm.runInContext(
    'delete globalThis.WebAssembly; delete globalThis.SharedArrayBuffer; delete globalThis.Atomics',
    context,
  )
  if (options.noIntl === true) vm.runInContext('delete globalThis.Intl', context)
  if (options.functionStub !== false) vm.runInContext(stubFunction, context)
  return context
}

const stubFunction = `(() => {
  const Native = Function
  const Stub = function Function() {}
  Stub.prototype = Native.prototype
  Native.prototype.constructor = Stub
  globalThis.Function = Stub
})()`

export function textOf(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'stack' in value) return String(value.stack)
  return String(value)
}
