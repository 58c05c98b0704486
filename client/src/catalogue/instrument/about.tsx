import { View } from '@tarojs/components'
import type { Instrument } from '@yiqi/shared/catalogue/endpoints.ts'
import { Card } from '../../kernel/parts/card.tsx'
import { Cell } from '../../kernel/parts/cell.tsx'

/**
 * Requirements, functions, technical data and the record of the instrument. Empty parts are left
 * out.
 */
export function About({ instrument }: { instrument: Instrument }) {
  const parts = [
    { title: '用户须知', text: instrument.userNotice },
    { title: '服务内容', text: instrument.serviceContent },
    { title: '主要功能', text: instrument.functions },
    { title: '技术指标', text: instrument.technical },
  ]
  return (
    <>
      {parts
        .filter((part) => part.text)
        .map((part) => (
          <Card title={part.title} key={part.title}>
            <View className="t14 ink2 selectable n-text">{part.text}</View>
          </Card>
        ))}
      <Card title="仪器档案">
        {recordOf(instrument).map((line) => (
          <Cell key={line.title} title={line.title} value={line.value} />
        ))}
      </Card>
    </>
  )
}

function recordOf(instrument: Instrument): { title: string; value: string }[] {
  const technicians = instrument.technicians.map((one) => one.name).join('、')
  const lines = [
    { title: '分类', value: instrument.classPath },
    {
      title: '生产制造商',
      value: [instrument.manufacturer, instrument.nation].filter(Boolean).join(' · '),
    },
    { title: '建账日期', value: instrument.accountedOn ?? '' },
    { title: '学科领域', value: instrument.disciplines.join('、') },
    { title: '机组人员', value: technicians },
    { title: '仪器短码', value: instrument.shortCode },
  ]
  return lines.filter((line) => line.value !== '')
}
