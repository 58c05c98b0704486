import { View } from '@tarojs/components'
import type { ClaimCard } from '@yiqi/shared/redemption/endpoints.ts'
import { Icon } from '../../kernel/parts/icon.tsx'
import type { IconName } from '../../kernel/parts/icons.ts'
import { lightWords } from './claim-rules.ts'
import './redemption.scss'

const icons: Record<ClaimCard['light'], IconName> = {
  green: 'circle-check',
  amber: 'triangle-alert',
  red: 'circle-alert',
}

/** What the automatic checks say of a claim: colour, icon and word. */
export function Light({ light }: { light: ClaimCard['light'] }) {
  return (
    <View className={`r-light r-light-${light} t13 bold`}>
      <Icon name={icons[light]} size={15} />
      <View>{lightWords[light]}</View>
    </View>
  )
}

type EvidenceCountProps = {
  claim: Pick<ClaimCard, 'evidenceMet' | 'evidenceTotal'>
  /** The figures alone: in a table, under a heading. */
  brief?: boolean
}

/** 7/7, in the colour of being complete or not. */
export function EvidenceCount({ claim, brief = false }: EvidenceCountProps) {
  const complete = claim.evidenceMet === claim.evidenceTotal
  const figures = `${claim.evidenceMet}/${claim.evidenceTotal}`
  if (brief) return <View className={`num bold ${complete ? 'ok' : 'warn'}`}>{figures}</View>
  return (
    <View className={`r-light t13 num ${complete ? 'ok' : 'warn'}`}>
      <Icon name={complete ? 'clipboard-check' : 'clipboard-list'} size={15} />
      <View>{`证据 ${figures}`}</View>
    </View>
  )
}
