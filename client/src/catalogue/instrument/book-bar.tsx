import { View } from '@tarojs/components'
import { bookingEndpoints, type Quote, type VoucherOffer } from '@yiqi/shared/booking/endpoints.ts'
import type { Instrument } from '@yiqi/shared/catalogue/endpoints.ts'
import { slotLabel } from '@yiqi/shared/kernel/time.ts'
import { go } from '../../kernel/go.ts'
import { useRole } from '../../kernel/log-in.ts'
import { ReasonButton } from '../../kernel/parts/button.tsx'
import { MoneyLine } from '../../kernel/parts/money-split.tsx'
import { paths } from '../../kernel/site.ts'
import { useQuery } from '../../kernel/use-query.ts'
import { whyNot } from '../../kernel/why-not.ts'
import type { Choosing } from './use-choosing.ts'

const SAMPLES = 1

/** What is chosen and what it costs, and the way to the booking sheet. Choosing is not booking. */
export function BookBar({ instrument, choosing }: { instrument: Instrument; choosing: Choosing }) {
  const { slot } = choosing
  const { family } = useRole()
  const quote = useQuery(
    bookingEndpoints.quoteSlot,
    slot === null ? null : { instrumentId: instrument.id, ...slot, samples: SAMPLES },
  )
  const book = () => {
    if (slot === null) return
    const { id } = instrument
    if (family === 'visitor')
      void go.tabs.logIn({ back: paths.catalogue.instrument({ id, ...slot }) })
    else void go.booking.requestBooking({ instrumentId: id, ...slot })
  }
  return (
    <View className="n-bar">
      <View className="grow">
        {slot === null ? (
          <View className="t14 ink2">选好时段后在这里看总价</View>
        ) : (
          <>
            <View className="t13 ink2 num">{labelOf(slot)}</View>
            {quote.data === null ? (
              <View className="t14 ink3">
                {whyNot(quote.refusal?.message ?? null) ?? '正在核价…'}
              </View>
            ) : (
              <Sum quote={quote.data} />
            )}
          </>
        )}
      </View>
      <ReasonButton
        id="instrument-book"
        kind="primary"
        reason={mayNot(family)}
        disabled={slot === null}
        onTap={book}
      >
        {family === 'visitor' ? '登录后预约' : '去预约'}
      </ReasonButton>
    </View>
  )
}

function Sum({ quote }: { quote: Quote }) {
  const best = bestOffer(quote.vouchers)
  return (
    <MoneyLine
      mode={best?.mode ?? 'none'}
      totalFen={quote.price.totalFen}
      voucherFen={best?.shareFen ?? 0}
      note={`含 ${SAMPLES} 个样品`}
    />
  )
}

/** The offer that pays most; null when none pays. */
function bestOffer(offers: readonly VoucherOffer[]): VoucherOffer | null {
  return offers.reduce<VoucherOffer | null>(
    (best, offer) => (offer.shareFen > (best?.shareFen ?? 0) ? offer : best),
    null,
  )
}

function mayNot(family: string): string | null {
  return family === 'visitor' || family === 'enterprise' ? null : '只有企业用户可以预约'
}

function labelOf(slot: { startsAt: string; endsAt: string }): string {
  return slotLabel({ startsAt: new Date(slot.startsAt), endsAt: new Date(slot.endsAt) })
}
