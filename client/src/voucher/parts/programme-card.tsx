import { View } from '@tarojs/components'
import { yuan } from '@yiqi/shared/kernel/money.ts'
import type { Programme } from '@yiqi/shared/voucher/endpoints.ts'
import { programmeModeLabels, programmeTitle } from '@yiqi/shared/voucher/terms.ts'
import { Card } from '../../kernel/parts/card.tsx'
import { Tag } from '../../kernel/parts/tag.tsx'
import { programmeTerms } from './quota-rules.ts'
import './voucher.scss'

type ProgrammeCardProps = { programme: Programme; selected: boolean; onTap: () => void }

/** One programme: what is left of its budget, and its terms. */
export function ProgrammeCard({ programme, selected, onTap }: ProgrammeCardProps) {
  const { title, sample } = programmeTitle(programme.name)
  return (
    <Card
      selected={selected}
      label={`${programme.name}，预算余额 ${yuan(programme.budgetFen)}`}
      title={title}
      extra={
        <>
          {sample ? <Tag tone="warn">示例参数</Tag> : null}
          <Tag tone="voucher">{programmeModeLabels[programme.mode]}</Tag>
        </>
      }
      onTap={onTap}
    >
      <View className="t13 ink3">预算余额（未发放）</View>
      <View className="t28 voucher num">{yuan(programme.budgetFen)}</View>
      <View className="v-terms" style={{ marginTop: '12px' }}>
        {programmeTerms(programme)
          .slice(1)
          .map((term) => (
            <View className="v-term t13" key={term.name}>
              <View className="v-term-name ink3">{term.name}</View>
              <View className="grow num">{term.words}</View>
            </View>
          ))}
      </View>
    </Card>
  )
}
