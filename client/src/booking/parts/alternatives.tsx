import { View } from '@tarojs/components'
import type { Booking } from '@yiqi/shared/booking/endpoints.ts'
import { dateOf, slotLabel } from '@yiqi/shared/kernel/time.ts'
import { go } from '../../kernel/go.ts'
import { Card, Section } from '../../kernel/parts/card.tsx'
import { Icon } from '../../kernel/parts/icon.tsx'

/**
 * What could be had instead, after a refusal or a fault: each leads to that day of that instrument.
 */
export function Alternatives({ booking }: { booking: Booking }) {
  if (booking.alternatives.length === 0) return null
  return (
    <Section title="可改约">
      {booking.alternatives.map((one, index) => {
        const slot = { startsAt: new Date(one.startsAt), endsAt: new Date(one.endsAt) }
        return (
          <Card
            key={`${one.instrumentId} ${one.startsAt}`}
            id={`alternative-${index}`}
            label={`改约 ${one.instrumentName} ${slotLabel(slot)}`}
            onTap={() =>
              void go.catalogue.instrument({
                id: one.instrumentId,
                day: dateOf(slot.startsAt),
                startsAt: one.startsAt,
                endsAt: one.endsAt,
              })
            }
          >
            <View className="row">
              <View className="grow stack stack-4">
                <View className="t14 bold num">{slotLabel(slot)}</View>
                <View className="t13 ink2">{`${one.instrumentName} · ${one.institutionName}`}</View>
              </View>
              <Icon name="chevron-right" tone="ink3" />
            </View>
          </Card>
        )
      })}
    </Section>
  )
}
