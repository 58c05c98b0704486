import { View } from '@tarojs/components'
import type { Offer } from '@yiqi/shared/booking/endpoints.ts'
import type { InstrumentCard as Instrument } from '@yiqi/shared/catalogue/endpoints.ts'
import { serverNow } from '../../kernel/clock.ts'
import { Card } from '../../kernel/parts/card.tsx'
import { Icon } from '../../kernel/parts/icon.tsx'
import { WeekStrip } from '../../kernel/parts/slot-chips.tsx'
import { Tag } from '../../kernel/parts/tag.tsx'
import { answerWords, nextSlotWords, priceWords, stripOf } from '../offer-words.ts'
import { Pictogram } from './pictogram.tsx'

export type InstrumentCardProps = {
  card: Instrument
  /** Price and free time; undefined while it is being asked. */
  offer: Offer | undefined
  onTap: () => void
  /** The id that e2e finds it by is given to result lists only. */
  named?: boolean
}

/**
 * One instrument of a list: what it is, whose, what it costs, and how free the next seven days
 * are.
 */
export function InstrumentCard({ card, offer, onTap, named = false }: InstrumentCardProps) {
  const { name: institution, city } = card.institution
  return (
    <Card
      {...(named ? { id: `instrument-${card.number}` } : {})}
      label={`${card.name} ${card.model ?? ''}，${institution}${offer === undefined ? '' : `，${priceWords(offer.pricePerHourFen)}`}`}
      onTap={onTap}
    >
      <View className="c-card">
        <Pictogram classCode={card.classCode} />
        <View className="grow">
          <View className="c-card-title t16 bold">{card.name}</View>
          <View className="t13 ink2 cut">{card.model ?? card.className}</View>
          <View className="t13 ink3">{institution}</View>
          {offer === undefined ? null : <Answer minutes={offer.answerMinutesMedian} />}
        </View>
        <View className="c-card-side">
          {offer === undefined ? <View className="c-card-wait" /> : <Free offer={offer} />}
          <View className="c-card-city t11 ink3">
            <Icon name="map-pin" size={12} />
            {city}
          </View>
        </View>
      </View>
      {offer === undefined ? null : <Terms offer={offer} />}
    </Card>
  )
}

function Free({ offer }: { offer: Offer }) {
  const strip = stripOf(offer.days)
  if (strip.labels.length === 0) return <Tag>暂停开放</Tag>
  return <WeekStrip {...strip} />
}

function Answer({ minutes }: { minutes: number | null }) {
  const words = answerWords(minutes)
  return words === null ? null : <View className="t13 ink3 num">{words}</View>
}

function Terms({ offer }: { offer: Offer }) {
  const next = offer.nextSlot
  return (
    <View className="c-card-terms">
      <View className="t16 bold num">{priceWords(offer.pricePerHourFen)}</View>
      {offer.voucherEligible ? <Tag tone="voucher">可用券</Tag> : null}
      <View className={`c-card-next t13 num ${next === null ? 'ink3' : 'own'}`}>
        {next === null ? '七日内约满' : `最早 ${nextSlotWords(next.startsAt, serverNow())}`}
      </View>
    </View>
  )
}
