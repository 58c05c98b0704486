import { View } from '@tarojs/components'
import type { Quote, VoucherOffer } from '@yiqi/shared/booking/endpoints.ts'
import { durationLabel } from '@yiqi/shared/kernel/time.ts'
import { useRef } from 'react'
import { Card } from '../../kernel/parts/card.tsx'
import { MoneySplit } from '../../kernel/parts/money-split.tsx'
import { Segmented } from '../../kernel/parts/segmented.tsx'
import { ErrorBlock, Skeleton } from '../../kernel/parts/state.tsx'
import { whyNot } from '../../kernel/why-not.ts'
import { minutesOf, moneyLines, programmeChoices } from '../request-form.ts'
import type { Sheet } from './use-sheet.ts'

/**
 * The one picture of money, for the programme in use. A price that is being asked again is not
 * shown.
 */
export function Money({ sheet }: { sheet: Sheet }) {
  const { quote, offer, form, set } = sheet
  const offers = useLastOffers(quote.data)
  return (
    <Card title="费用与创新券">
      <View className="stack">
        {offers.length === 0 ? null : (
          <Segmented
            id="request-programme"
            label="创新券"
            options={programmeChoices(offers)}
            value={form.programme ?? offer?.programmeId ?? 'none'}
            onChange={(programme) => set({ programme })}
          />
        )}
        {quote.data !== null ? (
          <Split quote={quote.data} offer={offer} />
        ) : quote.refusal !== null ? (
          <ErrorBlock
            refusal={quote.refusal}
            what="没有取到价格"
            onRetry={() => void quote.refresh()}
          />
        ) : (
          <Skeleton lines={5} />
        )}
      </View>
    </Card>
  )
}

function Split({ quote, offer }: { quote: Quote; offer: VoucherOffer | null }) {
  const { price } = quote
  const pays = offer !== null && offer.shareFen > 0
  const least =
    price.billableMinutes > minutesOf(quote)
      ? `按最短计费 ${durationLabel(price.billableMinutes)}计`
      : null
  const programme =
    offer === null
      ? null
      : pays
        ? `${offer.programmeName} ${offer.ratioPermille / 10}%`
        : `${offer.programmeName}：${whyNot(offer.reason) ?? '本次不支付'}`
  return (
    <MoneySplit
      mode={pays ? offer.mode : 'none'}
      lines={moneyLines(price)}
      totalFen={price.totalFen}
      voucherFen={offer?.shareFen ?? 0}
      quota={pays ? { beforeFen: offer.quotaBeforeFen, afterFen: offer.quotaAfterFen } : null}
      note={[programme, least].filter(Boolean).join(' · ') || null}
    />
  )
}

/** The choice of programmes stays on screen while a new price is on its way. */
function useLastOffers(quote: Quote | null): readonly VoucherOffer[] {
  const last = useRef<readonly VoucherOffer[]>([])
  if (quote !== null) last.current = quote.vouchers
  return last.current
}
