import { View } from '@tarojs/components'
import type { Instrument } from '@yiqi/shared/catalogue/endpoints.ts'
import { chargingEndpoints, type Tariff } from '@yiqi/shared/charging/endpoints.ts'
import { componentLabels } from '@yiqi/shared/charging/terms.ts'
import { yuan } from '@yiqi/shared/kernel/money.ts'
import { dateOf, durationLabel } from '@yiqi/shared/kernel/time.ts'
import { useState } from 'react'
import { serverNow } from '../../kernel/clock.ts'
import { Button } from '../../kernel/parts/button.tsx'
import { Card } from '../../kernel/parts/card.tsx'
import { Cell } from '../../kernel/parts/cell.tsx'
import { Sheet } from '../../kernel/parts/sheet.tsx'
import { Skeleton, State } from '../../kernel/parts/state.tsx'
import { Tag } from '../../kernel/parts/tag.tsx'
import { useQuery } from '../../kernel/use-query.ts'
import { tariffAge, tariffsFor } from '../tariff-versions.ts'

/** 收费标准: the version in force by its three cost kinds, and every other version. */
export function Fees({ instrument }: { instrument: Instrument }) {
  const query = useQuery(chargingEndpoints.listTariffs, { instrumentId: instrument.id })
  const [open, setOpen] = useState(false)
  const today = dateOf(serverNow())
  return (
    <State
      query={query}
      skeleton={<Skeleton cards={1} />}
      isEmpty={(data) => tariffsFor(data.rows, today).current === null}
      empty={
        <Card title="收费标准">
          <View className="t14 ink2">{instrument.feeText ?? '尚未公布收费标准，暂不能预约'}</View>
        </Card>
      }
    >
      {(data) => {
        const { current, versions } = tariffsFor(data.rows, today)
        return (
          <Card
            title="收费标准"
            extra={<View className="t13 ink3 num">{`${current?.effectiveFrom ?? ''} 起执行`}</View>}
          >
            {current === null ? null : <Rates tariff={current} />}
            {versions.length > 1 ? (
              <Button kind="quiet" icon="history" onTap={() => setOpen(true)}>
                {`全部 ${versions.length} 个版本`}
              </Button>
            ) : null}
            <Sheet open={open} title="收费标准版本" onClose={() => setOpen(false)}>
              {versions.map((tariff) => (
                <Version key={tariff.id} tariff={tariff} today={today} />
              ))}
              <View className="t13 ink3">已提交的预约沿用提交时的版本，不受调价影响</View>
            </Sheet>
          </Card>
        )
      }}
    </State>
  )
}

function Rates({ tariff }: { tariff: Tariff }) {
  return (
    <View>
      <Cell
        title={componentLabels.material}
        value={<Rate fen={tariff.materialFenPerSample} unit="样" />}
      />
      <Cell
        title={componentLabels.utilities}
        value={<Rate fen={tariff.utilitiesFenPerHour} unit="小时" />}
      />
      <Cell
        title={componentLabels.labour}
        value={<Rate fen={tariff.labourFenPerHour} unit="小时" />}
      />
      <View className="t13 ink3 num">
        {`不足 ${durationLabel(tariff.minimumMinutes)}按 ${durationLabel(tariff.minimumMinutes)}计${tariff.basis ? `；依据：${tariff.basis}` : ''}`}
      </View>
    </View>
  )
}

function Rate({ fen, unit }: { fen: number; unit: string }) {
  return <View className="t16 bold num n-rate">{`${yuan(fen)} / ${unit}`}</View>
}

function Version({ tariff, today }: { tariff: Tariff; today: string }) {
  const age = tariffAge(tariff, today)
  const words = { current: '执行中', future: '将执行', past: '已停用' }[age]
  const until = tariff.effectiveTo === null ? '长期' : tariff.effectiveTo
  return (
    <Card look={age === 'current' ? 'plain' : 'sunken'} selected={age === 'current'}>
      <View className="row between">
        <View className="t14 bold num">{`${tariff.effectiveFrom} 至 ${until}`}</View>
        <Tag tone={age === 'current' ? 'ok' : age === 'future' ? 'info' : 'quiet'}>{words}</Tag>
      </View>
      <Rates tariff={tariff} />
    </Card>
  )
}
