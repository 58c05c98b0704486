import type { ReactNode } from 'react'
import { Frame } from '../../kernel/parts/page.tsx'
import { Empty } from '../../kernel/parts/state.tsx'
import { BoardPanel } from './board-panel.tsx'
import { BookingsPanel } from './bookings-panel.tsx'
import { FinancePanel } from './finance-panel.tsx'
import { FindPanel } from './find-panel.tsx'
import { InboxPanel } from './inbox-panel.tsx'
import { MePanel } from './me-panel.tsx'
import { SchedulePanel } from './schedule-panel.tsx'
import { TodayPanel } from './today-panel.tsx'
import { VoucherPanel } from './voucher-panel.tsx'

export type PanelProps = {
  /** Shows another tab: `onTab('me')`. */
  onTab: (id: string) => void
}

/** A panel draws one tab: a `Frame` with what stands in it. */
type Panel = (props: PanelProps) => ReactNode

/** Which panel draws which content; the names are those of `kernel/navigation.ts`. */
const panels: Record<string, Panel> = {
  find: FindPanel,
  bookings: BookingsPanel,
  today: TodayPanel,
  schedule: SchedulePanel,
  inbox: InboxPanel,
  institution: FinancePanel,
  desk: VoucherPanel,
  board: BoardPanel,
  me: MePanel,
}

/** The panel by its name; one that is not there yet says so. */
export function PanelOf({ panel, onTab }: PanelProps & { panel: string }) {
  const Found = panels[panel]
  if (Found !== undefined) return <Found onTab={onTab} />
  return (
    <Frame title="仪器共享">
      <Empty>这一页还在准备中</Empty>
    </Frame>
  )
}
