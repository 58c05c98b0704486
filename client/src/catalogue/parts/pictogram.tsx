import { View } from '@tarojs/components'
import { Icon } from '../../kernel/parts/icon.tsx'
import { pictogramOf } from '../pictograms.ts'
import './catalogue.scss'

/**
 * The picture of an instrument where it has no photo: its class's line drawing on a soft ground.
 */
export function Pictogram({ classCode, size = 'm' }: { classCode: string; size?: 'm' | 'l' }) {
  return (
    <View className={`c-picto c-picto-${size}`}>
      <Icon name={pictogramOf(classCode)} size={size === 'm' ? 28 : 64} />
    </View>
  )
}
