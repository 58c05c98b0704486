import { View } from '@tarojs/components'
import { Icon } from './icon.tsx'
import type { IconName } from './icons.ts'

export type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'voucher' | 'own' | 'quiet'

export type TagProps = { children: string | number; tone?: Tone; icon?: IconName }

/** One word of state. The word carries the meaning, the colour only repeats it. */
export function Tag({ children, tone = 'quiet', icon }: TagProps) {
  return (
    <View className={`p-tag p-tag-${tone}`}>
      {icon === undefined ? null : <Icon name={icon} size={12} />}
      <View>{children}</View>
    </View>
  )
}
