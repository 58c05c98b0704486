import { View } from '@tarojs/components'
import type { PrivacyNotice } from '@yiqi/shared/identity/endpoints-privacy.ts'
import { Sheet } from '../../kernel/parts/sheet.tsx'

/** One privacy notice to read, with its version; null shows nothing. */
export function NoticeSheet({
  notice,
  onClose,
}: {
  notice: PrivacyNotice | null
  onClose: () => void
}) {
  return (
    <Sheet open={notice !== null} title={notice?.title ?? ''} onClose={onClose}>
      <View className="stack stack-8">
        {(notice?.text ?? '').split('\n').map((paragraph) => (
          <View key={paragraph} className="t14">
            {paragraph}
          </View>
        ))}
        <View className="t13 ink3">{`版本 ${notice?.version ?? ''}，自 ${notice?.effectiveFrom ?? ''} 起施行`}</View>
      </View>
    </Sheet>
  )
}
