import Taro from '@tarojs/taro'
import { paths } from './site.ts'
import { decoded } from './use-params.ts'

type Build = (params?: never) => string
type Go<T> = {
  [M in keyof T]: {
    [P in keyof T[M]]: T[M][P] extends (...args: infer A) => string
      ? (...args: A) => Promise<void>
      : never
  }
}

/** WeChat keeps at most ten pages; the eleventh navigateTo fails. */
const STACK_MAX = 10

/** Opens a page on top: `go.booking.booking({ id })`. */
export const go: Go<typeof paths> = eachPath((path) => open(path))

/** Opens a page in place of this one. */
export const redirect: Go<typeof paths> = eachPath((path) => replace(path))

/** Opens a page alone: nothing to go back to. After log-in and log-out. */
export const restart: Go<typeof paths> = eachPath(async (path) => {
  await Taro.reLaunch({ url: path })
})

/** One page back; home where there is nothing to go back to (a deep link). */
export async function back(): Promise<void> {
  if (Taro.getCurrentPages().length > 1) await Taro.navigateBack()
  else await Taro.reLaunch({ url: paths.tabs.home() })
}

/** Goes to a path that came from outside `go`, such as the `link` of a message. */
export async function goTo(path: string): Promise<void> {
  await open(path)
}

/** Opens such a path alone: back to where log-in was asked for. */
export async function restartAt(path: string): Promise<void> {
  await Taro.reLaunch({ url: path })
}

/** The path of this page with its query: where log-in comes back to. */
export function herePath(): string {
  const pages = Taro.getCurrentPages()
  const here = pages[pages.length - 1]
  if (here === undefined) return paths.tabs.home()
  const route = (here.route ?? '').split('?')[0] ?? ''
  const query = Object.entries(here.options ?? {})
    .filter(([name]) => name !== 'stamp' && name !== '$taroTimestamp')
    .map(([name, value]) => `${name}=${encodeURIComponent(decoded(String(value)))}`)
  return `/${route.replace(/^\//, '')}${query.length === 0 ? '' : `?${query.join('&')}`}`
}

async function open(path: string): Promise<void> {
  if (Taro.getCurrentPages().length >= STACK_MAX) await replace(path)
  else await Taro.navigateTo({ url: path })
}

async function replace(path: string): Promise<void> {
  await Taro.redirectTo({ url: path })
}

function eachPath(then: (path: string) => Promise<void>): Go<typeof paths> {
  const made: Record<string, Record<string, (params?: never) => Promise<void>>> = {}
  for (const [module, builders] of Object.entries(paths)) {
    made[module] = {}
    for (const [page, build] of Object.entries(builders as Record<string, Build>)) {
      made[module][page] = (params) => then(build(params))
    }
  }
  return made as unknown as Go<typeof paths> // same keys and parameters as `paths`, by construction
}
