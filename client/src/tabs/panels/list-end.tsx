import { View } from '@tarojs/components'
import { Button } from '../../kernel/parts/button.tsx'
import { Refusal, Skeleton } from '../../kernel/parts/state.tsx'
import type { Pages } from '../../kernel/use-pages.ts'

/** The end of a growing list: more on tap (and on scrolling), or that this is all. */
export function ListEnd<R>({ pages, all }: { pages: Pages<R>; all: string }) {
  const { query, loadMore, loadingMore, moreRefusal } = pages
  if (query.data === null || query.data.rows.length === 0) return null
  if (loadingMore) return <Skeleton cards={1} />
  return (
    <View className="list-more">
      <Refusal refusal={moreRefusal} />
      {query.data.nextCursor === null ? (
        <View className="t13 ink3">{all}</View>
      ) : (
        <Button id="list-more" kind="quiet" onTap={loadMore}>
          再看更多
        </Button>
      )}
    </View>
  )
}
