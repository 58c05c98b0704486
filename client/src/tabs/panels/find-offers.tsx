import { View } from '@tarojs/components'
import { bookingEndpoints } from '@yiqi/shared/booking/endpoints.ts'
import { catalogueEndpoints } from '@yiqi/shared/catalogue/endpoints.ts'
import { nextSlotWords, offersById, recommended, takeTurns } from '../../catalogue/offer-words.ts'
import { InstrumentCard } from '../../catalogue/parts/instrument-card.tsx'
import { serverNow } from '../../kernel/clock.ts'
import { go } from '../../kernel/go.ts'
import { useMembership } from '../../kernel/log-in.ts'
import { Section } from '../../kernel/parts/card.tsx'
import { Icon } from '../../kernel/parts/icon.tsx'
import { Grid } from '../../kernel/parts/list-detail.tsx'
import { Skeleton, State } from '../../kernel/parts/state.tsx'
import { Tag } from '../../kernel/parts/tag.tsx'
import { Tap } from '../../kernel/parts/tap.tsx'
import { useQuery } from '../../kernel/use-query.ts'

const LISTED = 100
const CANDIDATES = 40
const SHOWN = 6

/** 任意一台有空: kinds of instrument with the earliest free slot of any institution. */
export function FreeKinds() {
  const query = useQuery(bookingEndpoints.listFreeKinds, {})
  const now = serverNow()
  return (
    <Section title="任意一台有空" extra={<Tag tone="own">全省统筹</Tag>}>
      <State query={query} skeleton={<Skeleton cards={1} />}>
        {(data) => (
          <View className="h-kinds">
            {data.rows.map((row) => (
              <Tap
                key={row.kind}
                id={`kind-${row.kind}`}
                className="h-kind"
                label={`${row.name}，${row.instruments} 台可约`}
                onTap={() => void go.catalogue.findInstrument({ kind: row.kind, free: '1' })}
              >
                <View className="t14 bold h-kind-name">{row.name}</View>
                <View className="t13 ink2 num">
                  {row.nextSlot === null
                    ? '本周约满'
                    : `最早 ${nextSlotWords(row.nextSlot.startsAt, now)}`}
                </View>
                <View className="h-kind-go t13 own num">
                  {`${row.instruments} 台可约`}
                  <Icon name="chevron-right" size={14} />
                </View>
              </Tap>
            ))}
          </View>
        )}
      </State>
    </Section>
  )
}

/**
 * 为你推荐: free soonest, one of each kind first, in the enterprise's own city where it has one.
 */
export function Recommended() {
  const cityCode = useMembership()?.organisation.cityCode ?? null
  const query = useQuery(catalogueEndpoints.listInstruments, {
    ...(cityCode === null ? {} : { cityCode }),
    limit: LISTED,
  })
  const cards = takeTurns(query.data?.rows ?? [], CANDIDATES)
  const offers = useQuery(
    bookingEndpoints.listOffers,
    cards.length === 0 ? null : { instrumentIds: cards.map((card) => card.id).join(',') },
  )
  const known = offersById(offers.data?.rows ?? [])
  const shown = offers.data === null ? cards.slice(0, SHOWN) : recommended(cards, known, SHOWN)
  return (
    <Section title="为你推荐">
      <State query={query}>
        {() => (
          <Grid columns={2}>
            {shown.map((card) => (
              <InstrumentCard
                key={card.id}
                card={card}
                offer={known.get(card.id)}
                onTap={() => void go.catalogue.instrument({ id: card.id })}
              />
            ))}
          </Grid>
        )}
      </State>
    </Section>
  )
}
