import { View } from '@tarojs/components'
import { dayLabel } from '@yiqi/shared/kernel/time.ts'
import { type Claim, redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { claimStateLabels } from '@yiqi/shared/redemption/terms.ts'
import { programmeTitle } from '@yiqi/shared/voucher/terms.ts'
import { go } from '../../kernel/go.ts'
import { Banner } from '../../kernel/parts/banner.tsx'
import { Card } from '../../kernel/parts/card.tsx'
import { Cell } from '../../kernel/parts/cell.tsx'
import { Grid } from '../../kernel/parts/list-detail.tsx'
import { Page } from '../../kernel/parts/page.tsx'
import { State } from '../../kernel/parts/state.tsx'
import { Tag } from '../../kernel/parts/tag.tsx'
import { useParams } from '../../kernel/use-params.ts'
import { useQuery } from '../../kernel/use-query.ts'
import { ClaimActions } from '../parts/claim-actions.tsx'
import { ClaimSums, EvidenceList, Findings } from '../parts/claim-facts.tsx'
import { claimTone, nextActor } from '../parts/claim-rules.ts'
import { ClaimWay, useProgramme } from '../parts/claim-way.tsx'
import { EvidenceCount, Light } from '../parts/light.tsx'

const POLL_MS = 15_000

/**
 * 兑付单: what is claimed and on what evidence, what the checks say, where it stands and who acts
 * next.
 */
export default function ClaimPage() {
  const params = useParams<'id'>()
  const asked = params.id === undefined ? null : { id: params.id }
  const query = useQuery(redemptionEndpoints.getClaim, asked, { pollMs: POLL_MS })
  const claim = query.data
  return (
    <Page
      title={claim === null ? '兑付单' : `兑付单 ${claim.number}`}
      onRefresh={query.refresh}
      footer={
        claim === null || claim.actions.length === 0 ? null : (
          <ClaimActions claim={claim} onDone={() => void query.refresh()} />
        )
      }
    >
      <State query={query}>{(known) => <ClaimContent claim={known} />}</State>
    </Page>
  )
}

function ClaimContent({ claim }: { claim: Claim }) {
  const programme = useProgramme(claim.programmeId)
  const next = programme === null ? null : nextActor(claim, programme)
  return (
    <>
      {claim.returnReason === null ? null : (
        <Banner tone="bad">{`退回原因：${claim.returnReason}`}</Banner>
      )}
      <Card
        title={claim.instrumentName}
        extra={<Tag tone={claimTone(claim.state)}>{claimStateLabels[claim.state]}</Tag>}
      >
        <View className="t14 ink2">{`${claim.enterprise.name} → ${claim.institution.name}`}</View>
        <View className="t13 ink3 num">{`${programmeTitle(claim.programmeName).title} · 服务日 ${dayLabel(claim.servedOn)}`}</View>
        <View style={{ marginTop: '12px' }}>
          <ClaimSums claim={claim} />
        </View>
      </Card>
      <Grid columns={2}>
        <View className="stack">
          <Card title="自动核验" extra={<Light light={claim.light} />}>
            <Findings claim={claim} />
          </Card>
          <Card title="证据清单" extra={<EvidenceCount claim={claim} />}>
            <EvidenceList claim={claim} />
          </Card>
        </View>
        <View className="stack">
          {programme === null ? null : (
            <Card title="办理进度">
              {next === null ? null : <View className="t14 own r-next">{next}</View>}
              <ClaimWay claim={claim} programme={programme} />
            </Card>
          )}
          <Card>
            <Cell
              icon="calendar"
              title={`预约 ${claim.bookingNumber}`}
              detail="服务时间、协议与沟通"
              onTap={() => void go.booking.booking({ id: claim.bookingId })}
            />
            {claim.batch === null ? null : (
              <Cell icon="hand-coins" title={`兑付批次 ${claim.batch.number}`} />
            )}
          </Card>
        </View>
      </Grid>
    </>
  )
}
