import { View } from '@tarojs/components'
import { yuan } from '@yiqi/shared/kernel/money.ts'
import { dayLabel } from '@yiqi/shared/kernel/time.ts'
import type { ClaimCard as Row } from '@yiqi/shared/redemption/endpoints.ts'
import { claimStateLabels } from '@yiqi/shared/redemption/terms.ts'
import { go } from '../../kernel/go.ts'
import { Card } from '../../kernel/parts/card.tsx'
import { Tag } from '../../kernel/parts/tag.tsx'
import { claimTone } from './claim-rules.ts'
import { EvidenceCount, Light } from './light.tsx'

/** One claim in a list; a tap opens it. `side` says whose list it is: the other party is named. */
export function ClaimCard({
  claim,
  side,
}: {
  claim: Row
  side: 'enterprise' | 'institution' | 'desk'
}) {
  const parties = {
    enterprise: claim.institution.name,
    institution: claim.enterprise.name,
    desk: `${claim.enterprise.name} → ${claim.institution.name}`,
  }
  const due = claim.actions.length > 0
  return (
    <Card
      label={`${claim.number} ${claim.instrumentName}，${claimStateLabels[claim.state]}，券额 ${yuan(claim.amountFen)}`}
      look={due ? 'edge-own' : 'plain'}
      onTap={() => void go.redemption.claim({ id: claim.id })}
    >
      <View className="r-claim-head">
        <View className="t16 bold grow cut">{claim.instrumentName}</View>
        <View className="t17 voucher num">{yuan(claim.amountFen)}</View>
      </View>
      <View className="t13 ink2 cut">{parties[side]}</View>
      <View className="t13 ink3 num">{`${claim.number} · ${dayLabel(claim.servedOn)} · 总价 ${yuan(claim.totalFen)}`}</View>
      <View className="r-claim-foot">
        <Tag tone={claimTone(claim.state)}>{claimStateLabels[claim.state]}</Tag>
        <Light light={claim.light} />
        <View className="grow" />
        <EvidenceCount claim={claim} />
      </View>
    </Card>
  )
}
