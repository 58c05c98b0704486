import { useRouter } from '@tarojs/taro'

/**
 * The parameters of this page's path, decoded (both targets hand them over as written).
 */
export function useParams<N extends string>(): Partial<Record<N, string>> {
  const { params } = useRouter()
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, decoded(value ?? '')]),
  ) as Partial<Record<N, string>> // the names are the page's own promise, every one may be absent
}

/** One parameter as a person would read it; a stray % is left as it is. */
export function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
