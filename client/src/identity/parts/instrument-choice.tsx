import { View } from '@tarojs/components'
import { catalogueEndpoints } from '@yiqi/shared/catalogue/endpoints.ts'
import { useState } from 'react'
import { useMembership } from '../../kernel/log-in.ts'
import { Cell } from '../../kernel/parts/cell.tsx'
import { Field } from '../../kernel/parts/field.tsx'
import { State } from '../../kernel/parts/state.tsx'
import { useQuery } from '../../kernel/use-query.ts'

export type ChosenInstrument = { id: string; number: string; name: string }

type InstrumentChoiceProps = {
  chosen: ChosenInstrument | null
  onChoose: (instrument: ChosenInstrument | null) => void
}

const SHOWN = 6

/** One of the own institution's instruments, by a few letters of its name or number. */
export function InstrumentChoice({ chosen, onChoose }: InstrumentChoiceProps) {
  const membership = useMembership()
  const [q, setQ] = useState('')
  const words = q.trim() === '' ? {} : { q: q.trim() }
  const asked =
    chosen !== null || membership === null
      ? null
      : { ...words, institutionId: membership.organisation.id, limit: SHOWN }
  const found = useQuery(catalogueEndpoints.listInstruments, asked, { keepOld: true })
  const change = (value: string) => {
    setQ(value)
    if (chosen !== null) onChoose(null)
  }
  return (
    <View className="stack stack-8">
      <Field
        id="instrument-choice"
        label="仪器"
        value={chosen === null ? q : `${chosen.number} ${chosen.name}`}
        maxLength={100}
        onInput={change}
        placeholder="搜本单位仪器的名称或型号"
      />
      {chosen !== null ? null : (
        <State
          query={found}
          isEmpty={(page) => page.rows.length === 0}
          empty={<View className="t14 ink3">没有找到这台仪器</View>}
        >
          {(page) =>
            page.rows.map(({ id, number, name, model }) => (
              <Cell
                key={id}
                id={`instrument-${number}`}
                title={name}
                detail={[number, model].filter(Boolean).join(' · ')}
                label={`选择 ${number} ${name}`}
                onTap={() => onChoose({ id, number, name })}
              />
            ))
          }
        </State>
      )}
    </View>
  )
}
