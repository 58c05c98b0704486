import { View } from '@tarojs/components'
import type { Booking } from '@yiqi/shared/booking/endpoints.ts'
import { durationLabel } from '@yiqi/shared/kernel/time.ts'
import type { Session } from '@yiqi/shared/session/endpoints.ts'
import { SILENT_AGREEMENT_WORKING_DAYS, sessionStateLabels } from '@yiqi/shared/session/terms.ts'
import { go, restart } from '../../kernel/go.ts'
import { Button } from '../../kernel/parts/button.tsx'
import { Card } from '../../kernel/parts/card.tsx'
import { SegmentBar } from '../../kernel/parts/segment-bar.tsx'
import { Tag } from '../../kernel/parts/tag.tsx'
import { Timeline, type TimelineItem } from '../../kernel/parts/timeline.tsx'

/** After the end: what was recorded, and what happens next without the technician. */
export function AfterCard({ session, booking }: { session: Session; booking: Booking | null }) {
  const who = booking?.enterprise.name ?? '企业'
  return (
    <>
      <Card title="服务已结束" extra={<Tag tone="ok">{sessionStateLabels[session.state]}</Tag>}>
        <View className="after-card">
          <SegmentBar minutes={session.minutes} large />
          <View className="row">
            <View className="t14 grow">有效机时</View>
            <View className="t20 num" id="session-effective">
              {durationLabel(session.effectiveMinutes)}
            </View>
          </View>
        </View>
      </Card>
      <Card title="接下来">
        <Timeline items={aheadOf(session, who)} />
      </Card>
      <Button
        id="session-to-booking"
        kind="primary"
        size="block"
        onTap={() => void go.booking.booking({ id: session.bookingId })}
      >
        查看预约
      </Button>
      <Button id="session-to-today" size="block" onTap={() => void restart.tabs.home()}>
        回今日
      </Button>
    </>
  )
}

function aheadOf(session: Session, who: string): TimelineItem[] {
  const agreed = session.state === 'agreed'
  return [
    { id: 'handed', title: '机时已提交，成果已移交', state: 'done' },
    {
      id: 'agree',
      title: session.state === 'disputed' ? `${who}有异议，请在预约页更正` : `${who}核对机时`,
      detail: `${SILENT_AGREEMENT_WORKING_DAYS} 个工作日未答复视为确认`,
      state: agreed ? 'done' : 'now',
    },
    { id: 'bill', title: '生成账单，企业对公转账', state: agreed ? 'now' : 'next' },
  ]
}
