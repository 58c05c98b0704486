/** A function that crosses from the mini-program into the host or back. */
export type Fn = (...args: unknown[]) => unknown

export type Fields = Record<string, unknown>

/** What the host can ask of an element of the drawn page (jsdom). */
export type ViewElement = {
  textContent: string
  innerHTML: string
  outerHTML: string
  querySelector: (selector: string) => ViewElement | null
  querySelectorAll: (selector: string) => Iterable<ViewElement>
  appendChild: (child: ViewElement) => void
  remove: () => void
  /** The component framework's element behind it. */
  __wxElement?: WxElement
}

export type WxElement = {
  id: string
  data: Fields
  triggerEvent: (type: string, detail: unknown, options: Fields) => void
}

/** What of glass-easel is used. Its own types are wider and say less. */
export type GlassEasel = {
  ComponentSpace: new () => ComponentSpace
  CurrentWindowBackendContext: new () => unknown
  Element: {
    replaceDocumentElement: (component: WxComponent, parent: ViewElement, at: ViewElement) => void
  }
}

export type ComponentSpace = {
  defineComponent: (definition: Fields) => void
  createComponentByUrl: (tag: string, url: string, generics: null, backend: unknown) => WxComponent
}

export type WxComponent = WxElement & {
  setData: (data: Fields) => void
  triggerEvent: Fn
  dataset: Fields
  /** The page instance of the logic side, set by the host. */
  __page?: Fields
}

export type TemplateCompiler = {
  TmplGroup: new () => {
    addTmpl: (name: string, source: string) => unknown
    addScript: (name: string, source: string) => void
    getTmplGenObjectGroups: () => string
  }
}

/** Only JSON crosses between the two threads of a mini-program. */
export function clone<T>(value: T): T {
  return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T)
}

export function isFn(value: unknown): value is Fn {
  return typeof value === 'function'
}

export function asFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}
