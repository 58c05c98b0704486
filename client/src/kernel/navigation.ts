import type { RoleFamily } from '@yiqi/shared/identity/terms.ts'
import type { IconName } from './parts/icons.ts'
import { paths } from './site.ts'

/** A tab of the shell: `panel` is the content, chosen by role; `id` is what `?tab=` says. */
export type Tab = { id: string; panel: string; label: string; icon: IconName }

const find: Tab = { id: 'home', panel: 'find', label: '找仪器', icon: 'search' }
const schedule: Tab = { id: 'schedule', panel: 'schedule', label: '日程', icon: 'calendar' }
const inbox: Tab = { id: 'inbox', panel: 'inbox', label: '消息', icon: 'message-square' }
const me: Tab = { id: 'me', panel: 'me', label: '我的', icon: 'user' }

/** The four tabs (three for a visitor) by role; the same list is the rail of the wide screen. */
export function tabsOf(family: RoleFamily): Tab[] {
  switch (family) {
    case 'visitor':
      return [find, { id: 'policy', panel: 'policy', label: '创新券', icon: 'ticket-percent' }, me]
    case 'enterprise':
      return [find, { ...schedule, panel: 'bookings', label: '预约' }, inbox, me]
    case 'technician':
      return [
        { id: 'home', panel: 'today', label: '今日', icon: 'clipboard-list' },
        schedule,
        inbox,
        me,
      ]
    case 'institution':
    case 'finance':
      return [
        { id: 'home', panel: 'institution', label: '工作台', icon: 'layout-dashboard' },
        schedule,
        inbox,
        me,
      ]
    case 'voucher':
      return [
        { id: 'home', panel: 'desk', label: '待办', icon: 'clipboard-check' },
        { id: 'schedule', panel: 'board', label: '看板', icon: 'layout-dashboard' },
        inbox,
        me,
      ]
    case 'other':
      return [find, schedule, inbox, me]
  }
}

/** What the rail of the wide screen adds below the tabs: the desk pages of the role. */
export type RailLink = { path: string; label: string; icon: IconName }

export function railLinksOf(family: RoleFamily): RailLink[] {
  switch (family) {
    case 'voucher':
      return [
        { path: paths.redemption.deskReconciliation(), label: '对账兑付', icon: 'scale' },
        { path: paths.voucher.deskProgrammes(), label: '创新券', icon: 'ticket-percent' },
      ]
    case 'institution':
    case 'finance':
      return [{ path: paths.charging.deskReceipts(), label: '到账核对', icon: 'banknote' }]
    case 'enterprise':
      return [{ path: paths.voucher.quota(), label: '创新券额度', icon: 'ticket-percent' }]
    default:
      return []
  }
}
