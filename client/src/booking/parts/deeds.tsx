import { View } from '@tarojs/components'
import { type Booking, bookingEndpoints } from '@yiqi/shared/booking/endpoints.ts'
import { yuan } from '@yiqi/shared/kernel/money.ts'
import { type Session, sessionEndpoints } from '@yiqi/shared/session/endpoints.ts'
import { useState } from 'react'
import { go } from '../../kernel/go.ts'
import { Button } from '../../kernel/parts/button.tsx'
import { Dialog } from '../../kernel/parts/dialog.tsx'
import type { IconName } from '../../kernel/parts/icons.ts'
import { useScanner } from '../../kernel/parts/scan-sheet.tsx'
import { Refusal } from '../../kernel/parts/state.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { useWrite } from '../../kernel/use-write.ts'
import { type Deed, deedsOf } from '../actions.ts'
import { ConfirmSheet, DeclineSheet } from './answer-sheets.tsx'
import { approveWords, RefuseSpendingSheet, useApproval } from './approval.tsx'
import { AdjustSheet, AgreeSheet, DisputeSheet } from './hours-sheets.tsx'
import { PaySheet } from './pay-sheet.tsx'

const words: Record<Deed, { label: string; id: string; icon?: IconName }> = {
  request: { label: '继续提交', id: 'booking-request' },
  approveSpending: { label: '批准', id: 'booking-approve-spending', icon: 'check' },
  refuseSpending: { label: '不批准', id: 'booking-refuse-spending-open' },
  confirm: { label: '确认预约', id: 'booking-confirm-open', icon: 'check' },
  decline: { label: '谢绝', id: 'booking-decline-open' },
  checkIn: { label: '扫码签到', id: 'booking-check-in', icon: 'scan-line' },
  run: { label: '打开计时', id: 'booking-run', icon: 'timer' },
  agree: { label: '核对机时', id: 'session-agree-open', icon: 'clipboard-check' },
  dispute: { label: '有异议', id: 'session-dispute-open' },
  adjust: { label: '更正机时', id: 'session-adjust-open' },
  pay: { label: '登记转账', id: 'bill-pay-open', icon: 'banknote' },
  claim: { label: '申报兑付', id: 'booking-claim', icon: 'ticket-percent' },
  cancel: { label: '取消预约', id: 'booking-cancel' },
}

export type DeedsProps = { booking: Booking; session: Session | null; refresh: () => void }

/** The legal deeds of this viewer as buttons, the first one primary, and the sheet each opens. */
export function Deeds({ booking, session, refresh }: DeedsProps) {
  const [open, setOpen] = useState<Deed | null>(null)
  const checkIn = useWrite(sessionEndpoints.checkIn)
  const scanner = useScanner({
    title: '扫码签到',
    busy: checkIn.busy,
    refusal: checkIn.refusal,
    safe: '未开始计时',
    onCode: (code) => void started(code),
  })
  const started = async (code: string) => {
    const running = await checkIn.run({ code, bookingId: booking.id })
    if (running === null) return
    scanner.close()
    refresh()
    await go.session.runSession({ id: running.id })
  }
  const approval = useApproval(refresh)
  const tap = (deed: Deed) => {
    if (deed === 'checkIn') return scanner.start()
    if (deed === 'approveSpending') return approval.approve(booking)
    if (!leaves(deed, booking, session)) setOpen(deed)
  }
  const deeds = deedsOf(booking, session)
  const close = () => setOpen(null)
  return (
    <>
      {deeds.length === 0 ? null : (
        <View className="booking-deeds">
          {[...deeds].reverse().map((deed) => (
            <Button
              key={deed}
              {...looks(deed, deeds[0])}
              busy={deed === 'approveSpending' && approval.busy}
              onTap={() => tap(deed)}
            >
              {deed === 'approveSpending' ? approveWords(booking) : words[deed].label}
            </Button>
          ))}
        </View>
      )}
      <Refusal refusal={approval.refusal} safe="预约仍待批准" />
      <DeedSheets
        open={open}
        booking={booking}
        session={session}
        onClose={close}
        onDone={refresh}
      />
      {scanner.sheet}
    </>
  )
}

/** The sheet of the deed that was tapped. */
function DeedSheets({
  open,
  booking,
  session,
  onClose,
  onDone,
}: DoneProps & { open: Deed | null; session: Session | null }) {
  return (
    <>
      <RefuseSpendingSheet
        booking={open === 'refuseSpending' ? booking : null}
        onClose={onClose}
        onDone={onDone}
      />
      <ConfirmSheet
        booking={open === 'confirm' ? booking : null}
        onClose={onClose}
        onDone={onDone}
      />
      <DeclineSheet
        booking={open === 'decline' ? booking : null}
        onClose={onClose}
        onDone={onDone}
      />
      <CancelDialog open={open === 'cancel'} booking={booking} onClose={onClose} onDone={onDone} />
      <PaySheet open={open === 'pay'} booking={booking} onClose={onClose} onDone={onDone} />
      {session === null ? null : (
        <HoursSheets
          open={open}
          booking={booking}
          session={session}
          onClose={onClose}
          onDone={onDone}
        />
      )}
    </>
  )
}

function looks(deed: Deed, first: Deed | undefined) {
  const { id, icon } = words[deed]
  const primary = deed === first && deed !== 'cancel'
  return {
    id,
    kind: primary ? ('primary' as const) : ('secondary' as const),
    ...(icon === undefined || !primary ? {} : { icon }),
  }
}

/** Deeds that are another page. */
function leaves(deed: Deed, booking: Booking, session: Session | null): boolean {
  if (deed === 'request') {
    const { startsAt, endsAt } = booking
    void go.booking.requestBooking({ instrumentId: booking.instrument.id, startsAt, endsAt })
    return true
  }
  if (session === null) return false
  if (deed === 'run') void go.session.runSession({ id: session.id })
  else if (deed === 'claim') void go.redemption.openClaim({ sessionId: session.id })
  else return false
  return true
}

type DoneProps = { booking: Booking; onClose: () => void; onDone: () => void }

function HoursSheets({
  open,
  booking,
  session,
  ...done
}: DoneProps & { open: Deed | null; session: Session }) {
  const mode = booking.quote?.programmeMode ?? null
  return (
    <>
      <AgreeSheet open={open === 'agree'} session={session} mode={mode} {...done} />
      <DisputeSheet open={open === 'dispute'} session={session} {...done} />
      <AdjustSheet
        key={`${session.id} ${session.state}`}
        open={open === 'adjust'}
        session={session}
        {...done}
      />
    </>
  )
}

function CancelDialog({ open, booking, onClose, onDone }: DoneProps & { open: boolean }) {
  const cancel = useWrite(bookingEndpoints.cancelBooking)
  const submit = async () => {
    if ((await cancel.run({ id: booking.id })) === null) return
    toast('已取消，时段已释放')
    onDone()
    onClose()
  }
  const voucher = booking.voucherFen ?? 0
  return (
    <Dialog
      open={open}
      title="取消这个预约？"
      cancelWords="保留"
      confirm={{
        id: 'booking-cancel-confirm',
        words: '取消预约',
        danger: true,
        busy: cancel.busy,
        onTap: () => void submit(),
      }}
      onClose={onClose}
    >
      <View className="stack stack-8">
        <View>
          {voucher > 0
            ? `时段立即释放，预占的创新券额度 ${yuan(voucher)} 退回。`
            : '时段立即释放。'}
          现在取消不收费。
        </View>
        <Refusal refusal={cancel.refusal} safe="预约仍然有效" />
      </View>
    </Dialog>
  )
}
