import { View } from '@tarojs/components'
import type { OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { yuan } from '@yiqi/shared/kernel/money.ts'
import { dayLabel } from '@yiqi/shared/kernel/time.ts'
import { redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { programmeModeLabels, programmeTitle } from '@yiqi/shared/voucher/terms.ts'
import { useState } from 'react'
import { go } from '../../kernel/go.ts'
import { Banner } from '../../kernel/parts/banner.tsx'
import { Button } from '../../kernel/parts/button.tsx'
import { Card } from '../../kernel/parts/card.tsx'
import { Grid } from '../../kernel/parts/list-detail.tsx'
import { More } from '../../kernel/parts/more.tsx'
import { Refusal, State } from '../../kernel/parts/state.tsx'
import { Tag } from '../../kernel/parts/tag.tsx'
import { usePages } from '../../kernel/use-pages.ts'
import type { Query } from '../../kernel/use-query.ts'
import { useWrite } from '../../kernel/use-write.ts'
import { ClaimCard } from './claim-card.tsx'
import './redemption.scss'

type ClaimableRows = OutputOf<typeof redemptionEndpoints.listClaimable>
type Row = ClaimableRows['rows'][number]

type ClaimablesProps = {
  query: Query<ClaimableRows>
  empty: string
  /** Cards side by side on wide screens; default 2, as in a column page. */
  columns?: 2 | 3
}

/** Services that may be claimed: one tap opens the claim, its evidence filled. */
export function Claimables({ query, empty, columns = 2 }: ClaimablesProps) {
  const open = useWrite(redemptionEndpoints.openClaim)
  const [opening, setOpening] = useState<string | null>(null)
  const start = async (row: Row) => {
    setOpening(row.bookingId)
    const claim = await open.run({ bookingId: row.bookingId })
    setOpening(null)
    if (claim !== null) await go.redemption.claim({ id: claim.id })
  }
  return (
    <State
      query={query}
      isEmpty={(answer) => answer.rows.length === 0}
      empty={
        <Card look="sunken">
          <View className="t14 ink2">{empty}</View>
        </Card>
      }
    >
      {(answer) => (
        <View className="stack">
          <Refusal refusal={open.refusal} safe="申请未建立，额度不变" />
          <Grid columns={columns}>
            {answer.rows.map((row) => (
              <Claimable
                key={row.bookingId}
                row={row}
                busy={opening === row.bookingId}
                onOpen={() => void start(row)}
              />
            ))}
          </Grid>
        </View>
      )}
    </State>
  )
}

function Claimable({ row, busy, onOpen }: { row: Row; busy: boolean; onOpen: () => void }) {
  const blocked = row.blockers.length > 0
  return (
    <Card>
      <View className="r-claim-head">
        <View className="t16 bold grow cut">{row.instrumentName}</View>
        <View className="t17 voucher num">{yuan(row.amountFen)}</View>
      </View>
      <View className="t13 ink2 cut">{row.counterparty}</View>
      <View className="t13 ink3 num">
        {`${row.bookingNumber} · ${dayLabel(row.servedOn)} · 总价 ${yuan(row.totalFen)}`}
      </View>
      {blocked ? (
        <View className="r-reasons" style={{ marginTop: '8px' }}>
          <Banner tone="warn">{`还不能提交：${row.blockers.join('；')}`}</Banner>
        </View>
      ) : null}
      <View className="r-claim-foot">
        <Tag tone="voucher">{programmeModeLabels[row.mode]}</Tag>
        <View className="t13 ink3 grow cut">{programmeTitle(row.programmeName).title}</View>
        <Button
          id={`claim-open-${row.bookingNumber}`}
          label={`申报 ${row.bookingNumber}`}
          kind="secondary"
          busy={busy}
          onTap={onOpen}
        >
          {blocked ? '查看所缺' : '申报'}
        </Button>
      </View>
    </Card>
  )
}

export type ClaimView = 'to-review' | 'open' | 'reconciled' | undefined

type ClaimsProps = {
  view: ClaimView
  side: 'enterprise' | 'institution' | 'desk'
  empty: string
  limit?: number
  columns?: 2 | 3
}

/** Claims of one kind, page by page. */
export function Claims({ view, side, empty, limit = 20, columns = 2 }: ClaimsProps) {
  const pages = usePages(redemptionEndpoints.listClaims, {
    ...(view === undefined ? {} : { state: view }),
    limit,
  })
  return (
    <View className="stack">
      <State
        query={pages.query}
        isEmpty={(page) => page.rows.length === 0}
        empty={
          <Card look="sunken">
            <View className="t14 ink2">{empty}</View>
          </Card>
        }
      >
        {(page) => (
          <Grid columns={columns}>
            {page.rows.map((claim) => (
              <ClaimCard key={claim.id} claim={claim} side={side} />
            ))}
          </Grid>
        )}
      </State>
      <More pages={pages} />
    </View>
  )
}
