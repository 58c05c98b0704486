import { View } from '@tarojs/components'
import { catalogueEndpoints, type Instrument } from '@yiqi/shared/catalogue/endpoints.ts'
import { go } from '../../kernel/go.ts'
import { Page } from '../../kernel/parts/page.tsx'
import { Empty, State } from '../../kernel/parts/state.tsx'
import { useLayout } from '../../kernel/use-layout.ts'
import { useParams } from '../../kernel/use-params.ts'
import { useQuery } from '../../kernel/use-query.ts'
import { About } from './about.tsx'
import { Availability } from './availability.tsx'
import { BookBar } from './book-bar.tsx'
import { Fees } from './fees.tsx'
import { Hero } from './hero.tsx'
import { Similar } from './similar.tsx'
import { type Choosing, useChoosing } from './use-choosing.ts'
import './index.scss'

const UUID = /^[0-9a-f-]{36}$/

/** 仪器详情: what it is, when it is free, what it costs. A slot is chosen here, not yet booked. */
export default function InstrumentPage() {
  const params = useParams<'id' | 'day' | 'startsAt' | 'endsAt'>()
  const id = UUID.test(params.id ?? '') ? (params.id ?? null) : null
  const query = useQuery(catalogueEndpoints.getInstrument, id === null ? null : { id })
  const choosing = useChoosing(id, params)
  return (
    <Page
      title="仪器详情"
      width="wide"
      onRefresh={query.refresh}
      footer={query.data === null ? null : <BookBar instrument={query.data} choosing={choosing} />}
    >
      {id === null ? (
        <Empty
          icon="microscope"
          action={{ words: '去找仪器', onTap: () => void go.catalogue.findInstrument() }}
        >
          没有找到这台仪器，链接可能不完整
        </Empty>
      ) : (
        <State query={query}>
          {(instrument) => <Content instrument={instrument} choosing={choosing} />}
        </State>
      )}
    </Page>
  )
}

function Content({ instrument, choosing }: { instrument: Instrument; choosing: Choosing }) {
  const { wide } = useLayout()
  if (!wide)
    return (
      <View className="stack">
        <Hero instrument={instrument} />
        <Availability choosing={choosing} />
        <Fees instrument={instrument} />
        <About instrument={instrument} />
        <Similar instrument={instrument} />
      </View>
    )
  return (
    <View className="stack stack-16">
      <View className="n-columns">
        <View className="n-left stack">
          <Hero instrument={instrument} />
          <Fees instrument={instrument} />
          <About instrument={instrument} />
        </View>
        <View className="n-right">
          <Availability choosing={choosing} />
        </View>
      </View>
      <Similar instrument={instrument} />
    </View>
  )
}
