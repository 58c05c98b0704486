import { createRequire } from 'node:module'
import type { Build } from './build.ts'
import type { Logic } from './logic.ts'
import {
  asFields,
  type ComponentSpace,
  clone,
  type Fields,
  type Fn,
  type GlassEasel,
  isFn,
  type TemplateCompiler,
  type ViewElement,
  type WxComponent,
} from './types.ts'

// The view thread: WeChat's own open-source component framework and template compiler, drawing into
// jsdom.

export type View = {
  /** Draws a page and gives its component and its element. */
  openPage: (route: string, instance: Fields) => { component: WxComponent; element: ViewElement }
  warnings: string[]
}

export type ViewHost = {
  guard: (act: () => unknown) => unknown
  countData: (data: unknown) => void
}

type Body = { createElement: (tag: string) => ViewElement; body: ViewElement }

export async function startView(build: Build, logic: Logic, host: ViewHost): Promise<View> {
  const document = provideDocument()
  const glass = named<GlassEasel>(await import('glass-easel'))
  const compiler = named<TemplateCompiler>(await import('glass-easel-template-compiler'))
  const { groups, warnings } = compileTemplates(build, compiler)
  const space = new glass.ComponentSpace()
  const builtins = defineBuiltins(build, compiler, space)
  const backend = new glass.CurrentWindowBackendContext()
  const define = definer(build, logic, host, { space, groups, builtins })
  return {
    warnings,
    openPage(route, instance) {
      define.page(route)
      const component = space.createComponentByUrl('body', route, null, backend)
      component.__page = instance
      const element = document.createElement('page')
      document.body.appendChild(element)
      const place = document.createElement('span')
      element.appendChild(place)
      glass.Element.replaceDocumentElement(component, element, place)
      return { component, element }
    },
  }
}

/** glass-easel draws into the global document: this gives Node one. */
function provideDocument(): Body {
  const { JSDOM } = createRequire(import.meta.url)('jsdom') as {
    JSDOM: new (html: string, options: Fields) => { window: Fields & { document: Body } }
  }
  const { window } = new JSDOM('<!doctype html><html><body></body></html>', {
    pretendToBeVisual: true,
  })
  const world = globalThis as unknown as Fields
  world.window = window
  world.document = window.document
  for (const name of ['Element', 'Node', 'HTMLElement', 'Event', 'MutationObserver'])
    world[name] ??= window[name]
  const quiet = () => undefined
  world.IntersectionObserver ??= function observer() {
    return { observe: quiet, unobserve: quiet, disconnect: quiet }
  }
  return window.document
}

/** CommonJS packages come with their names on `default` or at the top, by loader. */
function named<T>(module: unknown): T {
  const fields = asFields(module)
  return (fields.default ?? fields) as T
}

function compileTemplates(build: Build, { TmplGroup }: TemplateCompiler) {
  const group = new TmplGroup()
  const warnings: string[] = []
  for (const file of build.files) {
    if (file.endsWith('.wxs')) group.addScript(file.slice(0, -4), build.text(file))
    if (!file.endsWith('.wxml')) continue
    const found = group.addTmpl(file.slice(0, -5), build.text(file))
    if (!Array.isArray(found)) continue
    for (const one of found.map(asFields))
      warnings.push(`${file}:${String(one.startLine)}: ${String(one.message)}`)
  }
  return { groups: evaluated(group.getTmplGenObjectGroups()), warnings }
}

/** The compiler's own output is code: it runs on the host's side, as in WeChat's own tools. */
function evaluated(code: string): Record<string, unknown> {
  return new Function(`return ${code}`)() as Record<string, unknown>
}

/**
 * Every built-in tag that the templates use becomes a component with the attributes that they give
 * it.
 */
function defineBuiltins(
  build: Build,
  { TmplGroup }: TemplateCompiler,
  space: ComponentSpace,
): Record<string, string> {
  const attributes = new Map<string, Set<string>>()
  const tags = /<([a-z][a-z-]*)((?:\s+[a-zA-Z:@_-]+(?:="[^"]*")?)*)\s*\/?>/g
  for (const file of build.files.filter((name) => name.endsWith('.wxml'))) {
    for (const [, tag = '', rest = ''] of build.text(file).matchAll(tags)) {
      if (/^(template|block|import|include|wxs|slot|comp|custom-wrapper)$/.test(tag)) continue
      const known = attributes.get(tag) ?? new Set<string>()
      attributes.set(tag, known)
      for (const [, name = ''] of rest.matchAll(/\s([a-zA-Z:@_-]+)(?:=|\s|$)/g)) {
        if (!/^(bind|catch|capture|mut-bind|class$|style$|id$|slot$|data-|wx:|mark:)/.test(name))
          known.add(camel(name))
      }
    }
  }
  const group = new TmplGroup()
  group.addTmpl('slot', '<slot/>')
  const groupList = evaluated(group.getTmplGenObjectGroups())
  for (const [tag, names] of attributes) {
    space.defineComponent({
      is: `wx-${tag}`,
      template: { groupList, content: groupList.slot },
      properties: Object.fromEntries([...names].map((name) => [name, null])),
    })
  }
  return Object.fromEntries([...attributes.keys()].map((tag) => [tag, `/wx-${tag}`]))
}

function camel(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

type Shared = {
  space: ComponentSpace
  groups: Record<string, unknown>
  builtins: Record<string, string>
}

/** Defines pages and the components they use, once each. */
function definer(build: Build, logic: Logic, host: ViewHost, { space, groups, builtins }: Shared) {
  const done = new Set<string>()
  const usingOf = (owner: string) => {
    const own = build.using(owner)
    for (const one of Object.values(own)) component(one)
    return {
      ...builtins,
      ...Object.fromEntries(Object.entries(own).map(([tag, at]) => [tag, `/${at}`])),
    }
  }
  function component(at: string): void {
    if (done.has(at)) return
    done.add(at)
    logic.requireModule(`${at}.js`)
    const config = logic.componentConfigs.get(at) ?? {}
    const options = asFields(config.options)
    space.defineComponent({
      is: at,
      using: usingOf(at),
      template: { groupList: groups, content: groups[at] },
      options: {
        multipleSlots: options.multipleSlots === true,
        virtualHost: options.virtualHost === true,
      },
      properties: propertiesOf(asFields(config.properties)),
      data: clone(config.data ?? {}),
      methods: wrapped(asFields(config.methods), (self, fn, event) => {
        return host.guard(() => fn.call(instanceOf(self, config, host), crossing(event)))
      }),
      lifetimes: wrapped(lifetimesOf(config), (self, fn) =>
        host.guard(() => fn.call(instanceOf(self, config, host))),
      ),
    })
  }
  function page(route: string): void {
    if (done.has(route)) return
    done.add(route)
    logic.requireModule(`${route}.js`)
    const config = logic.pageConfigs.get(route)
    if (config === undefined) throw new Error(`page ${route} did not call Page()`)
    const handlers = Object.fromEntries(
      Object.entries(config).filter(([name]) => !/^on(Load|Unload|Ready|Show|Hide)$/.test(name)),
    )
    space.defineComponent({
      is: route,
      using: usingOf(route),
      template: { groupList: groups, content: groups[route] },
      data: clone(config.data ?? {}),
      methods: wrapped(handlers, (self, _fn, event, name) => {
        const handler = self.__page?.[name]
        return host.guard(() =>
          isFn(handler) ? handler.call(self.__page, crossing(event)) : undefined,
        )
      }),
    })
  }
  return { page }
}

type Caller = (self: WxComponent, fn: Fn, event: unknown, name: string) => unknown

function wrapped(functions: Fields, caller: Caller): Fields {
  const entries = Object.entries(functions).flatMap(([name, fn]) => {
    if (!isFn(fn)) return []
    const called = function called(this: WxComponent, event: unknown) {
      return caller(this, fn, event, name)
    }
    return [[name, called] as const]
  })
  return Object.fromEntries(entries)
}

function lifetimesOf(config: Fields): Fields {
  const old = ['created', 'attached', 'ready', 'detached'].filter((name) => isFn(config[name]))
  return {
    ...Object.fromEntries(old.map((name) => [name, config[name]])),
    ...asFields(config.lifetimes),
  }
}

/** Types come from the other context (another Object, another String): they are matched by name. */
function propertiesOf(declared: Fields): Fields {
  const types: Fields = { String, Number, Boolean, Object, Array, Function }
  const here = (type: unknown) => (isFn(type) ? (types[type.name] ?? null) : null)
  return Object.fromEntries(
    Object.entries(declared).map(([name, one]) => {
      if (isFn(one) || one === null) return [name, here(one)]
      return [name, { ...asFields(one), type: here(asFields(one).type), observer: undefined }]
    }),
  )
}

const instances = new WeakMap<WxComponent, Fields>()

/** The `this` of a component's code. */
function instanceOf(self: WxComponent, config: Fields, host: ViewHost): Fields {
  const known = instances.get(self) ?? {
    id: self.id,
    dataset: self.dataset,
    setData: (data: Fields, then?: () => void) => {
      host.countData(data)
      self.setData(clone(data))
      then?.()
    },
    triggerEvent: (...args: unknown[]) => self.triggerEvent(...args),
    selectComponent: () => null,
    ...asFields(config.methods),
  }
  instances.set(self, known)
  known.data = self.data
  known.properties = self.data
  return known
}

/** An event as the logic thread sees it: plain data. */
function crossing(event: unknown): unknown {
  const fields = asFields(event)
  if (typeof fields.type !== 'string') return event
  const target = (one: unknown) => {
    const { id = '', dataset = {} } = asFields(one)
    return { id, dataset: clone(dataset), offsetLeft: 0, offsetTop: 0 }
  }
  return {
    type: fields.type,
    timeStamp: Date.now(),
    detail: clone(fields.detail ?? {}),
    target: target(fields.target),
    currentTarget: target(fields.currentTarget ?? fields.target),
    mark: {},
    touches: [],
    changedTouches: [],
    preventDefault: () => undefined,
    stopPropagation: () => undefined,
  }
}
