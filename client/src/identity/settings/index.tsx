import { View } from '@tarojs/components'
import { Card } from '../../kernel/parts/card.tsx'
import { RadioGroup } from '../../kernel/parts/checkbox.tsx'
import { Page } from '../../kernel/parts/page.tsx'
import {
  type TextSize,
  textSize,
  textSizeLabels,
  textSizes,
  useTextSize,
} from '../../kernel/text-scale.ts'
import { themeChoice, themeChoices, themeLabels } from '../../kernel/theme.ts'

const sizeWords: Record<TextSize, string> = {
  standard: '随系统字号',
  large: '文字放大约两成',
  elder: '大字、大按钮、单列',
}

/** 设置: size of text and light or dark; kept on this device, in force at once. */
export default function SettingsPage() {
  const size = useTextSize()
  const theme = themeChoice.use()
  return (
    <Page title="设置">
      <Card title="字号">
        <RadioGroup
          label="字号"
          options={textSizes.map((value) => ({
            value,
            label: textSizeLabels[value],
            detail: sizeWords[value],
          }))}
          value={size}
          onChange={(value) => textSize.set(value)}
        />
      </Card>
      <Card title="深色">
        <RadioGroup
          label="深色"
          options={themeChoices.map((value) => ({ value, label: themeLabels[value] }))}
          value={theme}
          onChange={(value) => themeChoice.set(value)}
        />
      </Card>
      <Card title="预览">
        <View className="t14 ink2">扫描电镜 · 11月24日 周二 下午 14:00–18:00（4小时）</View>
        <View className="t20 num">
          ¥1,660.00 <View className="t14 voucher num">创新券 ¥830.00</View>
        </View>
      </Card>
      <View className="t13 ink3">设置只保存在这台设备上，立即生效。</View>
    </Page>
  )
}
