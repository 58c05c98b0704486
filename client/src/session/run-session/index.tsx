import { View } from '@tarojs/components'
import { type Booking, bookingEndpoints } from '@yiqi/shared/booking/endpoints.ts'
import { clock } from '@yiqi/shared/kernel/time.ts'
import { type Session, sessionEndpoints } from '@yiqi/shared/session/endpoints.ts'
import { minutesOf, nextSegment } from '@yiqi/shared/session/rules.ts'
import { type Segment, segmentLabels } from '@yiqi/shared/session/terms.ts'
import { useEffect, useState } from 'react'
import { serverNow, useServerNow } from '../../kernel/clock.ts'
import { Banner } from '../../kernel/parts/banner.tsx'
import { Button } from '../../kernel/parts/button.tsx'
import { Card } from '../../kernel/parts/card.tsx'
import { Elapsed } from '../../kernel/parts/clocks.tsx'
import { Page } from '../../kernel/parts/page.tsx'
import { SegmentBar } from '../../kernel/parts/segment-bar.tsx'
import { Refusal, State } from '../../kernel/parts/state.tsx'
import { vibrate } from '../../kernel/platform/haptics.ts'
import { useOnline } from '../../kernel/platform/network.ts'
import { useScreenOn } from '../../kernel/platform/screen.ts'
import { useParams } from '../../kernel/use-params.ts'
import { useQuery } from '../../kernel/use-query.ts'
import { useWrite } from '../../kernel/use-write.ts'
import { forgetMarks, keepMark, marks } from '../marks.ts'
import { startsOf, unsentMarks } from '../measured.ts'
import { AfterCard } from '../parts/after-card.tsx'
import { FinishSheet } from '../parts/finish-sheet.tsx'
import './index.scss'

const POLL_MS = 10_000
const REDRAW_MS = 5000

/**
 * A running session: the time that passed, the segment it is in, and one large button to the next.
 */
export default function RunSession() {
  const { id = '' } = useParams<'id'>()
  useScreenOn()
  const query = useQuery(sessionEndpoints.getSession, id === '' ? null : { id }, {
    pollMs: POLL_MS,
  })
  const bookingId = query.data?.bookingId ?? null
  const booking = useQuery(
    bookingEndpoints.getBooking,
    bookingId === null ? null : { id: bookingId },
  )
  const refresh = () => void query.refresh()
  return (
    <Page title={query.data === null ? '计时' : `计时 ${query.data.bookingNumber}`}>
      <State query={query}>
        {(session) =>
          session.state === 'running' ? (
            <Running session={session} booking={booking.data} refresh={refresh} />
          ) : (
            <AfterCard session={session} booking={booking.data} />
          )
        }
      </State>
    </Page>
  )
}

function later(one: Date, other: Date): Date {
  return one.getTime() > other.getTime() ? one : other
}

type RunningProps = { session: Session; booking: Booking | null; refresh: () => void }

function Running({ session, booking, refresh }: RunningProps) {
  const [finishing, setFinishing] = useState(false)
  const now = useServerNow(REDRAW_MS)
  const kept = marks.use()[session.id] ?? []
  const starts = startsOf(session, kept)
  const current = starts.at(-1)?.segment ?? 'preparation'
  const step = useStep(session, current, refresh)
  // The clock of this device learns the server's only with the next answer: no segment is negative.
  const latest = starts[starts.length - 1]?.startsAt ?? now
  const minutes = minutesOf(starts, later(now, latest))
  return (
    <>
      <View className="run-clock">
        <View className="t14 ink2">{headLine(session, booking)}</View>
        <View className="run-elapsed num" id="session-elapsed">
          <Elapsed since={session.startsAt} />
        </View>
        <View className="t13 ink3 num">{`${clock(new Date(session.startsAt))} 开始 · 以服务器时间计`}</View>
      </View>
      <SegmentBar minutes={minutes} current={current} large />
      <UnsentBanner session={session} step={step} />
      <Refusal refusal={step.refusal?.status === 0 ? null : step.refusal} safe="计时未中断" />
      <NextButton
        session={session}
        current={current}
        step={step}
        onFinish={() => setFinishing(true)}
      />
      <Needs booking={booking} />
      <FinishSheet
        open={finishing}
        session={session}
        booking={booking}
        starts={starts}
        onClose={() => setFinishing(false)}
        onDone={() => {
          forgetMarks(session.id)
          setFinishing(false)
          refresh()
        }}
      />
    </>
  )
}

function headLine(session: Session, booking: Booking | null): string {
  return booking === null
    ? session.instrumentName
    : `${booking.enterprise.name} · ${booking.instrument.model ?? booking.instrument.name}`
}

type Step = {
  busy: boolean
  refusal: ReturnType<typeof useWrite>['refusal']
  next: Segment | null
  go: () => void
  again: () => void
}

/** Goes to the next segment: kept on this device first, then told to the server. */
function useStep(session: Session, current: Segment, refresh: () => void): Step {
  const advance = useWrite(sessionEndpoints.advanceSession)
  const next = nextSegment(current)
  const send = async (segment: Segment) => {
    if ((await advance.run({ id: session.id, segment })) !== null) refresh()
  }
  const step = () => {
    if (next === null) return
    keepMark(session.id, { segment: next, at: serverNow().toISOString() })
    vibrate('medium')
    void send(next)
  }
  const unsent = unsentMarks(session, marks.use()[session.id] ?? []).map((mark) => mark.segment)
  const again = () => void sendAll(unsent, send)
  const online = useOnline()
  // The network coming back is outside React: what is kept here is then handed in by itself.
  useEffect(() => {
    if (online && unsent.length > 0) again()
  }, [online, unsent.length])
  return { busy: advance.busy, refusal: advance.refusal, next, go: step, again }
}

async function sendAll(
  missing: Segment[],
  send: (segment: Segment) => Promise<void>,
): Promise<void> {
  for (const segment of missing) await send(segment)
}

function UnsentBanner({ session, step }: { session: Session; step: Step }) {
  const unsent = unsentMarks(session, marks.use()[session.id] ?? [])
  const last = unsent.at(-1)
  if (last === undefined || step.busy) return null
  return (
    <Banner
      tone="warn"
      icon="cloud-off"
      action={
        <Button kind="quiet" onTap={step.again}>
          补交
        </Button>
      }
    >
      {`已存本机 ${clock(new Date(last.at))} 进入${segmentLabels[last.segment]}，联网后补交`}
    </Banner>
  )
}

type NextButtonProps = { session: Session; current: Segment; step: Step; onFinish: () => void }

function NextButton({ session, current, step, onFinish }: NextButtonProps) {
  const mayFinish = session.actions.includes('finish')
  const mayAdvance = session.actions.includes('advance')
  if (step.next !== null && mayAdvance) {
    return (
      <View className="stack stack-8 run-next">
        <Button
          id="session-next"
          kind="primary"
          size="block"
          icon="skip-forward"
          busy={step.busy}
          onTap={step.go}
        >
          {`下一段：${segmentLabels[step.next]}`}
        </Button>
        {mayFinish ? (
          <Button id="session-end" kind="quiet" onTap={onFinish}>
            {`跳过，从${segmentLabels[current]}直接结束`}
          </Button>
        ) : null}
      </View>
    )
  }
  if (mayFinish) {
    return (
      <View className="run-next">
        <Button id="session-next" kind="primary" size="block" icon="square" onTap={onFinish}>
          结束
        </Button>
      </View>
    )
  }
  return <Banner tone="info">请机组人员在仪器旁结束服务并移交成果</Banner>
}

/** What was to be ready, at hand while working. */
function Needs({ booking }: { booking: Booking | null }) {
  if (booking === null) return null
  const lines = [
    booking.preparation,
    booking.sampleNames.length > 0
      ? `样品：${booking.sampleNames.join('、')}`
      : booking.samples > 0
        ? `样品 ${booking.samples} 件`
        : null,
    booking.purpose,
  ].filter((line): line is string => line !== null && line !== '')
  if (lines.length === 0) return null
  return (
    <Card title="检测内容">
      {lines.map((line) => (
        <View className="t14 ink2" key={line}>
          {line}
        </View>
      ))}
    </Card>
  )
}
