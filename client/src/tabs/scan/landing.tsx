import { View } from '@tarojs/components'
import type { BookingCard } from '@yiqi/shared/booking/endpoints.ts'
import { bookingEndpoints } from '@yiqi/shared/booking/endpoints.ts'
import { catalogueEndpoints } from '@yiqi/shared/catalogue/endpoints.ts'
import type { RoleFamily } from '@yiqi/shared/identity/terms.ts'
import type { OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { slotLabel } from '@yiqi/shared/kernel/time.ts'
import { sessionEndpoints } from '@yiqi/shared/session/endpoints.ts'
import { useEffect, useRef } from 'react'
import { call } from '../../kernel/call.ts'
import { go, redirect } from '../../kernel/go.ts'
import { useRole } from '../../kernel/log-in.ts'
import { Banner } from '../../kernel/parts/banner.tsx'
import { Button } from '../../kernel/parts/button.tsx'
import { Card } from '../../kernel/parts/card.tsx'
import { Refusal, Skeleton, State } from '../../kernel/parts/state.tsx'
import { Tag } from '../../kernel/parts/tag.tsx'
import { isRefused } from '../../kernel/refused.ts'
import { useQuery } from '../../kernel/use-query.ts'
import { useWrite } from '../../kernel/use-write.ts'
import { landingOf } from './landing-rules.ts'

type Instrument = OutputOf<typeof catalogueEndpoints.findInstrumentByCode>

export type LandingProps = { code: string; onOther: () => void }

/**
 * What a scanned instrument means to this person now: check in, the running session, or the
 * instrument's page.
 */
export function Landing({ code, onOther }: LandingProps) {
  const { family } = useRole()
  const query = useQuery(catalogueEndpoints.findInstrumentByCode, { code })
  return (
    <>
      <State query={query}>
        {(instrument) => <AtInstrument instrument={instrument} code={code} family={family} />}
      </State>
      {query.state === 'refused' ? (
        <Button id="scan-again" size="block" icon="scan-line" onTap={onOther}>
          换一个码
        </Button>
      ) : null}
    </>
  )
}

type AtProps = { instrument: Instrument; code: string; family: RoleFamily }

function AtInstrument({ instrument, code, family }: AtProps) {
  const asks = family === 'technician' || family === 'enterprise'
  const bookings = useQuery(
    bookingEndpoints.listBookings,
    asks ? { view: 'open', limit: 100 } : null,
  )
  const landing = asks
    ? bookings.data === null
      ? null
      : landingOf(instrument.id, bookings.data.rows)
    : ({ kind: 'page' } as const)
  const refused = bookings.state === 'refused'
  const elsewhere = refused || (landing?.kind === 'page' && family !== 'technician')
  useOnce(elsewhere, () => void redirect.catalogue.instrument({ id: instrument.id }))
  useOnce(landing?.kind === 'running', () => {
    if (landing?.kind === 'running') void openSession(landing.booking)
  })
  if (elsewhere || landing === null || landing.kind === 'running') return <Skeleton cards={2} />
  return (
    <View className="stack">
      <InstrumentCard instrument={instrument} />
      {landing.kind === 'due' ? <CheckIn booking={landing.booking} code={code} /> : null}
      {landing.kind === 'page' ? <TechnicianChoices instrument={instrument} /> : null}
    </View>
  )
}

/** A decision made from an answer, not from a tap, and made once. */
function useOnce(when: boolean, act: () => void): void {
  const done = useRef(false)
  // Leaving the page is outside React.
  useEffect(() => {
    if (!when || done.current) return
    done.current = true
    act()
  })
}

/** To the clock of a running session; to the booking where it cannot be had. */
async function openSession(booking: BookingCard): Promise<void> {
  try {
    const { session } = await call(sessionEndpoints.findBookingSession, { bookingId: booking.id })
    if (session !== null) return await redirect.session.runSession({ id: session.id })
  } catch (error) {
    if (!isRefused(error)) throw error
  }
  await redirect.booking.booking({ id: booking.id })
}

function InstrumentCard({ instrument }: { instrument: Instrument }) {
  return (
    <Card
      title={instrument.model === null ? instrument.name : `${instrument.name} ${instrument.model}`}
      extra={<Tag>{instrument.number}</Tag>}
    >
      <View className="t14 ink2">{instrument.institution.name}</View>
    </Card>
  )
}

function CheckIn({ booking, code }: { booking: BookingCard; code: string }) {
  const checkIn = useWrite(sessionEndpoints.checkIn)
  const slot = { startsAt: new Date(booking.startsAt), endsAt: new Date(booking.endsAt) }
  const start = async () => {
    const session = await checkIn.run({ code, bookingId: booking.id })
    if (session !== null) await redirect.session.runSession({ id: session.id })
  }
  return (
    <>
      <Card title={`${booking.enterprise.name} · ${booking.number}`} look="edge-own">
        <View className="t14 num">{slotLabel(slot)}</View>
        {booking.preparation === null ? null : (
          <View className="t14 ink2">{booking.preparation}</View>
        )}
      </Card>
      <Refusal refusal={checkIn.refusal} safe="未开始计时" />
      <Button
        id="scan-check-in"
        kind="primary"
        size="block"
        icon="play"
        busy={checkIn.busy}
        onTap={() => void start()}
      >
        签到并开始计时
      </Button>
      <Button
        id="scan-booking"
        size="block"
        onTap={() => void go.booking.booking({ id: booking.id })}
      >
        先看预约
      </Button>
    </>
  )
}

/** Nothing is due: the technician may look, or take the instrument out of service. */
function TechnicianChoices({ instrument }: { instrument: Instrument }) {
  return (
    <>
      <Banner tone="info">这台仪器现在没有可签到的预约；签到在开始前 15 分钟打开。</Banner>
      <Button
        id="scan-instrument"
        kind="primary"
        size="block"
        icon="microscope"
        onTap={() => void redirect.catalogue.instrument({ id: instrument.id })}
      >
        打开仪器页
      </Button>
      <Button
        id="scan-outage"
        size="block"
        icon="wrench"
        onTap={() => void go.booking.declareOutage({ instrumentId: instrument.id })}
      >
        登记停用
      </Button>
    </>
  )
}
