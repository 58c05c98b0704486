import { View } from '@tarojs/components'
import { matterLabels, sixMatters } from '@yiqi/shared/notice/terms.ts'
import { useState } from 'react'
import { Button } from '../../kernel/parts/button.tsx'
import { Card } from '../../kernel/parts/card.tsx'
import { Checkbox } from '../../kernel/parts/checkbox.tsx'
import { Icon } from '../../kernel/parts/icon.tsx'
import { Sheet as Overlay } from '../../kernel/parts/sheet.tsx'
import { Skeleton, State } from '../../kernel/parts/state.tsx'
import type { Sheet } from './use-sheet.ts'

/**
 * Whose the results are, the six matters agreed on, and the tick that signs this version of them.
 */
export function NoticePart({ sheet }: { sheet: Sheet }) {
  const [open, setOpen] = useState(false)
  return (
    <Card>
      <State query={sheet.notice} skeleton={<Skeleton lines={3} />}>
        {(notice) => (
          <View className="stack stack-8">
            <View className="r-notice">
              <Icon name="shield-check" size={18} tone="primary" />
              <View className="grow">
                <View className="t14">{notice.ownership}</View>
                <View className="t13 ink3">
                  {`服务协议六项约定：${sixMatters.map((matter) => matterLabels[matter]).join('、')}`}
                </View>
              </View>
              <Button kind="quiet" label="查看告知书与服务协议全文" onTap={() => setOpen(true)}>
                全文
              </Button>
            </View>
            <Checkbox
              id="request-acknowledge"
              checked={sheet.acknowledged}
              onChange={sheet.acknowledge}
              label={`我已阅读并同意 v${notice.version}`}
            >
              {`我已阅读并同意告知书与服务协议 v${notice.version}`}
            </Checkbox>
            <Overlay
              open={open}
              title={notice.title}
              onClose={() => setOpen(false)}
              footer={
                <Button
                  kind="primary"
                  size="block"
                  onTap={() => {
                    sheet.acknowledge(true)
                    setOpen(false)
                  }}
                >
                  {`同意 v${notice.version}`}
                </Button>
              }
            >
              <View className="t13 ink3">{`v${notice.version} · ${notice.effectiveFrom} 起施行`}</View>
              {notice.clauses.map((clause) => (
                <View className="stack stack-4" key={clause.heading}>
                  <View className="t14 bold">{clause.heading}</View>
                  <View className="t14 ink2 selectable r-clause">{clause.text}</View>
                </View>
              ))}
            </Overlay>
          </View>
        )}
      </State>
    </Card>
  )
}
