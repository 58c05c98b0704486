import { View } from '@tarojs/components'
import { yuan } from '@yiqi/shared/kernel/money.ts'
import { voucherEndpoints } from '@yiqi/shared/voucher/endpoints.ts'
import type { AccountKind } from '@yiqi/shared/voucher/terms.ts'
import { Card } from '../../kernel/parts/card.tsx'
import { Cell } from '../../kernel/parts/cell.tsx'
import { Icon } from '../../kernel/parts/icon.tsx'
import { State } from '../../kernel/parts/state.tsx'
import { useQuery } from '../../kernel/use-query.ts'
import './redemption.scss'

const POLL_MS = 30_000

const kindWords: Record<AccountKind, string> = {
  treasury: '财政来源',
  programme: '计划预算',
  quota: '企业额度',
  payable: '应付',
  paid: '已付',
  lapsed: '已失效',
}

/**
 * One line at the foot of the desk: the sum over all accounts, which is zero or something is wrong.
 */
export function LedgerProofLine() {
  const query = useQuery(voucherEndpoints.getLedgerProof, {}, { pollMs: POLL_MS })
  if (query.data === null) return null
  const { sumFen, accounts, transfers } = query.data
  const zero = sumFen === 0
  return (
    <View className={`r-proof-line t13 num ${zero ? 'ok' : 'bad'}`}>
      <Icon name={zero ? 'shield-check' : 'circle-alert'} size={16} />
      <View className="bold">{`账本恒等 Σ = ${yuan(sumFen)}`}</View>
      <View className="ink3">{`${accounts} 个账户 · ${transfers} 笔转账${zero ? '，借贷相抵' : '，请停止操作并联系平台'}`}</View>
    </View>
  )
}

/** The same with the balance of every kind of account. */
export function LedgerProofCard() {
  const query = useQuery(voucherEndpoints.getLedgerProof, {}, { pollMs: POLL_MS })
  return (
    <Card title="账本恒等">
      <State query={query}>
        {(proof) => (
          <>
            <View className="r-claim-head">
              <View className="t14 ink2 grow">{`${proof.accounts} 个账户 · ${proof.transfers} 笔转账`}</View>
              <View className={`t28 num ${proof.sumFen === 0 ? 'ok' : 'bad'}`}>
                {yuan(proof.sumFen)}
              </View>
            </View>
            {proof.byKind.map((row) => (
              <Cell
                key={row.kind}
                title={kindWords[row.kind]}
                {...(row.pendingFen === 0 ? {} : { detail: `其中预占 ${yuan(row.pendingFen)}` })}
                value={<View className="num">{yuan(row.balanceFen)}</View>}
              />
            ))}
          </>
        )}
      </State>
    </Card>
  )
}
