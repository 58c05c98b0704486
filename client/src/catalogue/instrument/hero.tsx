import { View } from '@tarojs/components'
import { bookingEndpoints } from '@yiqi/shared/booking/endpoints.ts'
import type { Instrument } from '@yiqi/shared/catalogue/endpoints.ts'
import { Card, Figures } from '../../kernel/parts/card.tsx'
import { Icon } from '../../kernel/parts/icon.tsx'
import { Tag } from '../../kernel/parts/tag.tsx'
import { useQuery } from '../../kernel/use-query.ts'
import { answerWords, hoursWords, worthWords } from '../offer-words.ts'
import { Pictogram } from '../parts/pictogram.tsx'

/** The head of the page: picture, name, whose it is, three figures. */
export function Hero({ instrument }: { instrument: Instrument }) {
  const offers = useQuery(bookingEndpoints.listOffers, { instrumentIds: instrument.id })
  const offer = offers.data?.rows[0]
  const answer = answerWords(offer?.answerMinutesMedian ?? null)
  const place = [instrument.institution.name, instrument.department].filter(Boolean).join(' · ')
  return (
    <View className="stack">
      <View className="n-hero">
        <Pictogram classCode={instrument.classCode} size="l" />
        <View className="n-hero-tags">
          {offer === undefined ? null : (
            <View className="n-hero-tag t13">
              {offer.days.length > 0 ? '开放预约' : '暂停开放'}
            </View>
          )}
          <View className="n-hero-tag t13 num">{`编号 ${instrument.number}`}</View>
        </View>
      </View>
      <Card>
        <View className="stack stack-8">
          <View className="t20">
            {[instrument.name, instrument.model].filter(Boolean).join(' ')}
          </View>
          <View className="t14 ink2">{place}</View>
          <View className="row row-wrap">
            <View className="n-place t13 ink3">
              <Icon name="map-pin" size={14} />
              {instrument.address}
            </View>
          </View>
          <View className="row row-wrap">
            {offer?.voucherEligible ? <Tag tone="voucher">可用创新券</Tag> : null}
            {instrument.customsSupervised ? <Tag tone="warn">海关监管</Tag> : null}
            <Tag>{instrument.className}</Tag>
            {answer === null ? null : (
              <Tag tone="own" icon="clock">
                {answer}
              </Tag>
            )}
          </View>
          <Figures
            items={[
              { value: hoursWords(instrument.runningHours), label: '年运行机时' },
              { value: hoursWords(instrument.externalHours), label: '年对外服务' },
              { value: worthWords(instrument.worthFen), label: '原值' },
            ]}
          />
        </View>
      </Card>
    </View>
  )
}
