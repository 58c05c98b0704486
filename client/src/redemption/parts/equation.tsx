import { View } from '@tarojs/components'
import { yuan } from '@yiqi/shared/kernel/money.ts'
import type { BatchCard } from '@yiqi/shared/redemption/endpoints.ts'
import { a11y } from '../../kernel/a11y.ts'
import { Icon } from '../../kernel/parts/icon.tsx'
import { batchEquation } from './claim-rules.ts'
import './redemption.scss'

/**
 * The three sums of a batch as one equation: claims (less what was explained) = ledger = bank, or
 * by how much not.
 */
export function BatchEquation({ batch }: { batch: BatchCard }) {
  const sums = batchEquation(batch)
  const open = sums.differenceFen !== null && !sums.zero
  const state = sums.zero ? 'r-equation-zero' : open ? 'r-equation-open' : ''
  return (
    <View className={`r-equation ${state}`} {...a11y({ role: 'status' })} id="batch-equation">
      <Sum label="申报" fen={sums.claimsFen} />
      {sums.explainedFen === 0 ? null : (
        <>
          <Sign>−</Sign>
          <Sum label="已说明差额" fen={sums.explainedFen} />
        </>
      )}
      <Sign>=</Sign>
      <Sum label="账本" fen={sums.ledgerFen} wait="付款指令后入账" />
      <Sign>{open ? '≠' : '='}</Sign>
      <Sum label="银行" fen={sums.bankFen} wait="待导入回单" />
      <View className="grow" />
      {sums.zero ? (
        <View className="row ok t16 bold">
          <Icon name="circle-check" size={20} />
          三方相符，差额 ¥0.00
        </View>
      ) : open ? (
        <View className="row bad t16 bold num">
          <Icon name="circle-alert" size={20} />
          {`差额 ${yuan(sums.differenceFen ?? 0)} 待说明`}
        </View>
      ) : null}
    </View>
  )
}

function Sum({ label, fen, wait = '' }: { label: string; fen: number | null; wait?: string }) {
  return (
    <View className="r-equation-sum">
      <View className="t13 ink3">{label}</View>
      {fen === null ? (
        <View className="t14 ink3">{wait}</View>
      ) : (
        <View className="t20 num">{yuan(fen)}</View>
      )}
    </View>
  )
}

function Sign({ children }: { children: string }) {
  return <View className="r-equation-sign t20">{children}</View>
}
