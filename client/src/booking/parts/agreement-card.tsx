import { View } from '@tarojs/components'
import type { Booking } from '@yiqi/shared/booking/endpoints.ts'
import { stamp } from '@yiqi/shared/kernel/time.ts'
import {
  confidentialityLabels,
  matterLabels,
  type NoticeStage,
  noticeStageLabels,
  noticeStages,
} from '@yiqi/shared/notice/terms.ts'
import { useState } from 'react'
import { Button } from '../../kernel/parts/button.tsx'
import { Card } from '../../kernel/parts/card.tsx'
import { Icon } from '../../kernel/parts/icon.tsx'
import { Sheet } from '../../kernel/parts/sheet.tsx'
import { Tag } from '../../kernel/parts/tag.tsx'

type Agreement = NonNullable<Booking['agreement']>

/** The agreement of the booking: six matters, and who signed which version at which stage. */
export function AgreementCard({ booking }: { booking: Booking }) {
  const [open, setOpen] = useState(false)
  const { agreement, confidentiality } = booking
  if (agreement === null) return null
  return (
    <Card
      title="服务协议与告知书"
      extra={
        <View className="row">
          {confidentiality === null ? null : (
            <Tag
              tone={confidentiality === 'confidential' ? 'own' : 'quiet'}
              {...(confidentiality === 'confidential' ? { icon: 'lock' as const } : {})}
            >
              {`密级 ${confidentialityLabels[confidentiality]}`}
            </Tag>
          )}
          <Tag>{`v${agreement.version}`}</Tag>
        </View>
      }
    >
      <View className="booking-signed">
        {noticeStages.map((stage) => (
          <StageLine key={stage} stage={stage} agreement={agreement} />
        ))}
      </View>
      <View className="booking-agreement-foot">
        <View className="t13 ink3 grow num">{`协议指纹 ${shortHash(agreement.hash)}`}</View>
        <Button id="booking-agreement" kind="quiet" icon="file-text" onTap={() => setOpen(true)}>
          看六项约定
        </Button>
      </View>
      <Sheet open={open} title="服务协议六项约定" onClose={() => setOpen(false)}>
        {agreement.matters.map((matter) => (
          <View className="stack stack-4" key={matter.matter}>
            <View className="t16 bold">{matterLabels[matter.matter]}</View>
            <View className="t14 ink2 selectable">{matter.text}</View>
          </View>
        ))}
        <View className="t11 ink3 num selectable booking-hash">{agreement.hash}</View>
      </Sheet>
    </Card>
  )
}

function StageLine({ stage, agreement }: { stage: NoticeStage; agreement: Agreement }) {
  const signed = agreement.acknowledgements.find((one) => one.stage === stage)
  return (
    <View className="row row-top booking-stage">
      <Icon
        name={signed === undefined ? 'circle' : 'circle-check'}
        size={18}
        tone={signed === undefined ? 'ink3' : 'ok'}
      />
      <View className="grow">
        <View className={`t14 ${signed === undefined ? 'ink3' : ''}`}>
          {noticeStageLabels[stage]}
        </View>
        {signed === undefined ? null : (
          <View className="t13 ink3 num">
            {`${signed.name} · ${signed.organisationName} · ${stamp(new Date(signed.at))} · ${shortHash(signed.hash)}`}
          </View>
        )}
      </View>
    </View>
  )
}

function shortHash(hash: string): string {
  return hash.slice(0, 8)
}
