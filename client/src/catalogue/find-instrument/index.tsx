import { View } from '@tarojs/components'
import { useState } from 'react'
import { SearchBox } from '../../kernel/parts/field.tsx'
import { Page } from '../../kernel/parts/page.tsx'
import { useLayout } from '../../kernel/use-layout.ts'
import { useParams } from '../../kernel/use-params.ts'
import { searchFrom } from '../search-state.ts'
import { Conditions } from './conditions.tsx'
import { FilterSheet, Filters } from './filters.tsx'
import { Results } from './results.tsx'
import { useSearch } from './use-search.ts'
import './index.scss'

/** 找仪器: words, city and class; each result with its price and its next seven days. */
export default function FindInstrument() {
  const params = useParams<'q' | 'kind' | 'cityCode' | 'classCode' | 'free' | 'voucher'>()
  const found = useSearch(searchFrom(params))
  const { wide } = useLayout()
  const [filtering, setFiltering] = useState(false)
  const { search, change } = found
  const searchBox = (
    <SearchBox
      id="find-search"
      value={search.q}
      placeholder="搜仪器、检测项目、型号"
      onInput={(q) => change({ ...search, q })}
      onSearch={found.searchNow}
    />
  )
  return (
    <Page
      title="找仪器"
      width="wide"
      top={wide ? undefined : searchBox}
      onRefresh={found.query.refresh}
      onBottom={found.loadMore}
    >
      <View className="f-columns">
        {wide ? (
          <View className="f-side">
            <Filters found={found} />
          </View>
        ) : null}
        <View className="f-main">
          {wide ? searchBox : null}
          <Conditions found={found} onFilter={wide ? null : () => setFiltering(true)} />
          <Results found={found} />
        </View>
      </View>
      <FilterSheet open={filtering && !wide} found={found} onClose={() => setFiltering(false)} />
    </Page>
  )
}
