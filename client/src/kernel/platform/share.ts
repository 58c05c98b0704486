import Taro from '@tarojs/taro'
import { copyText } from './clipboard.ts'
import { isH5 } from './target.ts'

/**
 * Shares a page by its path. In WeChat the share card comes from the page's own menu, so here the
 * short link is
 * copied; a browser's own share sheet is used where it has one.
 */
export async function sharePage(page: {
  title: string
  path: string
}): Promise<'shared' | 'copied' | 'failed'> {
  const address = isH5 ? `${window.location.origin}${page.path}` : page.path
  if (isH5 && typeof navigator.share === 'function') {
    try {
      await navigator.share({ title: page.title, url: address })
      return 'shared'
    } catch {
      return 'failed' // closed by the person
    }
  }
  return (await copyText(address)) ? 'copied' : 'failed'
}

/** What WeChat's menu shares from this page. */
export function useShareCard(page: { title: string; path: string }): void {
  Taro.useShareAppMessage(() => ({ title: page.title, path: page.path }))
}
