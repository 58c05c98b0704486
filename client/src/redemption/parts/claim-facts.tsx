import { View } from '@tarojs/components'
import { yuan } from '@yiqi/shared/kernel/money.ts'
import type { Claim } from '@yiqi/shared/redemption/endpoints.ts'
import { a11y } from '../../kernel/a11y.ts'
import { Icon } from '../../kernel/parts/icon.tsx'
import './redemption.scss'

/**
 * The seven evidences: there or not, what the platform found, and who must act where one is
 * missing. `brief` has one line for each that is there.
 */
export function EvidenceList({ claim, brief = false }: { claim: Claim; brief?: boolean }) {
  return (
    <View className="r-evidence" {...a11y({ role: 'list', label: '证据清单' })}>
      {claim.evidence.map((item) => (
        <View
          className={`r-proof ${brief ? 'r-proof-brief' : ''}`}
          key={item.evidence}
          {...a11y({ role: 'listitem', label: `${item.label}，${item.met ? '已具备' : '尚缺'}` })}
        >
          <Icon
            name={item.met ? 'circle-check' : 'triangle-alert'}
            size={18}
            tone={item.met ? 'ok' : 'warn'}
          />
          <View className="grow">
            <View className={`t14 ${item.met ? '' : 'warn bold'}`}>{item.label}</View>
            {brief && item.met ? null : <View className="t13 ink3 num">{item.detail}</View>}
            {item.met || item.actor === null ? null : (
              <View className="t13 warn">{`待办：${item.actor}`}</View>
            )}
          </View>
          {brief && item.met ? <View className="t13 ink3">已自动匹配</View> : null}
        </View>
      ))}
    </View>
  )
}

/** What the automatic checks found, in words; a stop keeps the claim from going on. */
export function Findings({ claim }: { claim: Claim }) {
  if (claim.findings.length === 0) {
    return (
      <View className="r-light r-light-green t14">
        <Icon name="shield-check" size={18} />
        <View>自动核验全部通过，金额逐笔相符</View>
      </View>
    )
  }
  return (
    <View className="r-findings">
      {claim.findings.map((finding) => (
        <View className={`r-finding r-finding-${finding.level} t14`} key={finding.code}>
          <Icon name={finding.level === 'stop' ? 'circle-alert' : 'triangle-alert'} size={18} />
          <View className="grow">
            {`${finding.level === 'stop' ? '不能通过' : '请核对'}：${finding.sentence}`}
          </View>
        </View>
      ))}
    </View>
  )
}

const words = {
  deduct: { bill: '企业应付', voucher: '申报券额' },
  refund: { bill: '企业应付', voucher: '申报兑付' },
} as const

/** Contract total, bill and what arrived of it, and the amount claimed. */
export function ClaimSums({ claim }: { claim: Claim }) {
  const short = claim.paidFen < claim.billFen
  const items = [
    { label: '服务总价', fen: claim.totalFen, tone: '' },
    { label: words[claim.mode].bill, fen: claim.billFen, tone: 'own' },
    { label: '已到账', fen: claim.paidFen, tone: short ? 'warn' : '' },
  ]
  return (
    <View className="stack stack-8">
      <View className="r-claim-head">
        <View className="t14 ink2 grow">{words[claim.mode].voucher}</View>
        <View className="t28 voucher num">{yuan(claim.amountFen)}</View>
      </View>
      <View className="r-sums">
        {items.map((item) => (
          <View key={item.label}>
            <View className="t13 ink3">{item.label}</View>
            <View className={`t14 bold num ${item.tone}`}>{yuan(item.fen)}</View>
          </View>
        ))}
      </View>
    </View>
  )
}
