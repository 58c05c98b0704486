import { View } from '@tarojs/components'
import { bookingEndpoints } from '@yiqi/shared/booking/endpoints.ts'
import type { InstrumentCard as Instrument } from '@yiqi/shared/catalogue/endpoints.ts'
import { go } from '../../kernel/go.ts'
import { Button } from '../../kernel/parts/button.tsx'
import { Chip } from '../../kernel/parts/chip.tsx'
import { Grid } from '../../kernel/parts/list-detail.tsx'
import { Empty, Refusal, State } from '../../kernel/parts/state.tsx'
import { useQuery } from '../../kernel/use-query.ts'
import { freeThisWeek, offersById } from '../offer-words.ts'
import { InstrumentCard } from '../parts/instrument-card.tsx'
import { anySearch, relaxations, type Search } from '../search-state.ts'
import { namesOf } from './facets.ts'
import type { Found } from './use-search.ts'

const CHUNK = 20

/** The cards, a page at a time; nothing found → one way out for each condition. */
export function Results({ found }: { found: Found }) {
  return (
    <State
      query={found.query}
      isEmpty={(data) => data.rows.length === 0}
      empty={<Nothing found={found} />}
    >
      {(data) => (
        <View className="stack">
          <View className="t13 ink3 num">{headline(data.total, found.search)}</View>
          {chunked([...data.rows, ...found.more]).map((cards) => (
            <Chunk key={cards[0]?.id ?? ''} cards={cards} search={found.search} />
          ))}
          <Refusal refusal={found.moreRefusal} />
          {found.hasMore ? (
            <Button size="block" busy={found.loading} onTap={found.loadMore}>
              再看 20 台
            </Button>
          ) : (
            <View className="f-end t13 ink3">已显示全部</View>
          )}
        </View>
      )}
    </State>
  )
}

function headline(total: number, search: Search): string {
  const only = [search.free ? '本周有空' : '', search.voucher ? '可用创新券' : ''].filter(Boolean)
  return only.length === 0 ? `共 ${total} 台` : `共 ${total} 台，只看其中${only.join('、')}的`
}

/** Twenty cards and the one question for their prices and free time. */
function Chunk({ cards, search }: { cards: readonly Instrument[]; search: Search }) {
  const instrumentIds = cards.map((card) => card.id).join(',')
  const offers = useQuery(bookingEndpoints.listOffers, { instrumentIds })
  const known = offersById(offers.data?.rows ?? [])
  const fits = (card: Instrument) => {
    const offer = known.get(card.id)
    if (offer === undefined) return true // not known yet: stays until it is
    return (!search.free || freeThisWeek(offer)) && (!search.voucher || offer.voucherEligible)
  }
  const shown = cards.filter(fits)
  return (
    <>
      <Refusal refusal={offers.refusal} safe="价格与空闲时段暂未取到" />
      {shown.length === 0 ? (
        <View className="f-end t13 ink3">{`这 ${cards.length} 台不符合所选条件`}</View>
      ) : (
        <Grid columns={2}>
          {shown.map((card) => (
            <InstrumentCard
              key={card.id}
              card={card}
              offer={known.get(card.id)}
              named
              onTap={() => void go.catalogue.instrument({ id: card.id })}
            />
          ))}
        </Grid>
      )}
    </>
  )
}

function Nothing({ found }: { found: Found }) {
  const ways = relaxations(found.asked, namesOf(found))
  return (
    <View className="stack">
      <Empty
        icon="microscope"
        action={{ words: '查看全部仪器', onTap: () => found.change(anySearch) }}
      >
        没有符合全部条件的仪器，放宽一项再看看
      </Empty>
      <View className="f-ways">
        {ways.map((way) => (
          <Chip key={way.words} icon="x" onTap={() => found.change(way.search)}>
            {way.words}
          </Chip>
        ))}
      </View>
    </View>
  )
}

function chunked(cards: readonly Instrument[]): Instrument[][] {
  const chunks: Instrument[][] = []
  for (let i = 0; i < cards.length; i += CHUNK) chunks.push(cards.slice(i, i + CHUNK))
  return chunks
}
