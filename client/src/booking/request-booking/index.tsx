import { View } from '@tarojs/components'
import { back, go, herePath } from '../../kernel/go.ts'
import { useMe } from '../../kernel/log-in.ts'
import { Button } from '../../kernel/parts/button.tsx'
import { Page } from '../../kernel/parts/page.tsx'
import { Empty } from '../../kernel/parts/state.tsx'
import { useLayout } from '../../kernel/use-layout.ts'
import { useParams } from '../../kernel/use-params.ts'
import type { Span } from '../request-form.ts'
import { HoldCard } from './hold-card.tsx'
import { Money } from './money.tsx'
import { NoticePart } from './notice-part.tsx'
import { PeopleCard } from './people-card.tsx'
import { Submit } from './submit.tsx'
import { type Sheet, useSheet } from './use-sheet.ts'
import { ModeCard, WorkCard } from './work-cards.tsx'
import './index.scss'

/**
 * 确认预约: the slot is kept while the sheet is open; price, voucher and notice are seen before
 * anything is sent.
 */
export default function RequestBooking() {
  const params = useParams<'instrumentId' | 'startsAt' | 'endsAt'>()
  const asked = askedFrom(params)
  const me = useMe()
  if (asked === null)
    return (
      <Page title="确认预约">
        <Empty
          icon="calendar"
          action={{ words: '去找仪器', onTap: () => void go.catalogue.findInstrument() }}
        >
          没有选定时段，请先在仪器页选择
        </Empty>
      </Page>
    )
  if (me === null)
    return (
      <Page title="确认预约">
        <Empty
          icon="user"
          action={{ words: '去登录', onTap: () => void go.tabs.logIn({ back: herePath() }) }}
        >
          登录后为你保留这个时段
        </Empty>
      </Page>
    )
  return <SheetPage asked={asked} userId={me.user.id} />
}

function SheetPage({ asked, userId }: { asked: Asked; userId: string }) {
  const sheet = useSheet(asked, userId)
  const { wide } = useLayout()
  return (
    <Page
      title="确认预约"
      width={wide ? 'wide' : 'column'}
      actions={
        <Button id="request-abandon" kind="quiet" onTap={() => void back()}>
          放弃
        </Button>
      }
      footer={wide ? undefined : <Submit sheet={sheet} />}
    >
      {wide ? <Wide sheet={sheet} /> : <Narrow sheet={sheet} />}
    </Page>
  )
}

function Narrow({ sheet }: { sheet: Sheet }) {
  return (
    <View className="stack">
      <HoldCard sheet={sheet} />
      <PeopleCard people={sheet.people} />
      <ModeCard sheet={sheet} />
      <Money sheet={sheet} />
      <WorkCard sheet={sheet} />
      <NoticePart sheet={sheet} />
    </View>
  )
}

function Wide({ sheet }: { sheet: Sheet }) {
  return (
    <View className="r-columns">
      <View className="r-left stack">
        <HoldCard sheet={sheet} />
        <PeopleCard people={sheet.people} />
        <ModeCard sheet={sheet} />
        <WorkCard sheet={sheet} />
      </View>
      <View className="r-right stack">
        <Money sheet={sheet} />
        <NoticePart sheet={sheet} />
        <Submit sheet={sheet} />
      </View>
    </View>
  )
}

export type Asked = Span & { instrumentId: string }

function askedFrom(params: Partial<Record<string, string>>): Asked | null {
  const instrumentId = params.instrumentId ?? ''
  const startsAt = instantOf(params.startsAt)
  const endsAt = instantOf(params.endsAt)
  if (!/^[0-9a-f-]{36}$/.test(instrumentId) || startsAt === null || endsAt === null) return null
  return startsAt < endsAt ? { instrumentId, startsAt, endsAt } : null
}

function instantOf(text: string | undefined): string | null {
  const at = Date.parse(text ?? '')
  return Number.isFinite(at) ? new Date(at).toISOString() : null
}
