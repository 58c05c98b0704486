import { useRouter } from '@tarojs/taro'
import { isH5 } from './platform/target.ts'

/**
 * The parameters of this page's path, decoded on both targets (WeChat hands them over as written).
 */
export function useParams<N extends string>(): Partial<Record<N, string>> {
  const { params } = useRouter()
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, decoded(value ?? '')]),
  ) as Partial<Record<N, string>> // the names are the page's own promise, every one may be absent
}

/** One parameter as a person would read it; a stray % is left as it is. */
export function decoded(value: string): string {
  if (isH5) return value // the browser's router has decoded it
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
