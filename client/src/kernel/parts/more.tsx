import { View } from '@tarojs/components'
import type { Pages } from '../use-pages.ts'
import { Button } from './button.tsx'
import { Refusal } from './state.tsx'

/**
 * The end of a list that grows: a button for those who do not scroll, and why more could not be
 * had.
 */
export function More({ pages }: { pages: Pages<unknown> }) {
  const { query, loadMore, loadingMore, moreRefusal } = pages
  if (query.data === null || query.data.nextCursor === null) return null
  return (
    <View className="stack stack-8">
      <Refusal refusal={moreRefusal} />
      <Button kind="quiet" size="block" busy={loadingMore} onTap={loadMore}>
        加载更多
      </Button>
    </View>
  )
}
