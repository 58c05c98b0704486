import { View } from '@tarojs/components'
import { bookingEndpoints } from '@yiqi/shared/booking/endpoints.ts'
import { useState } from 'react'
import { useMe } from '../../kernel/log-in.ts'
import { Card } from '../../kernel/parts/card.tsx'
import { RadioGroup } from '../../kernel/parts/checkbox.tsx'
import { Chip, ChipRow } from '../../kernel/parts/chip.tsx'
import { Field } from '../../kernel/parts/field.tsx'
import { Sheet as Overlay } from '../../kernel/parts/sheet.tsx'
import { Empty, State } from '../../kernel/parts/state.tsx'
import { useQueryAs } from './acting.ts'
import type { Payer } from './use-payer.ts'

const SHOWN = 50

/** Which organisation pays, where there is a choice, and which of its people it is for. */
export function PeopleCard({ people }: { people: Payer }) {
  const { payers, payer, choosePayer, beneficiary, chooseBeneficiary } = people
  const [open, setOpen] = useState(false)
  return (
    <Card>
      <View className="stack">
        {payers.length < 2 ? null : (
          <View className="stack stack-8">
            <View className="t14 bold">付款单位</View>
            <ChipRow wrap>
              {payers.map((one) => (
                <Chip
                  key={one.id}
                  id={`request-payer-${one.organisation.uscc}`}
                  selected={one.id === payer?.id}
                  onTap={() => choosePayer(one)}
                >
                  {one.organisation.name}
                </Chip>
              ))}
            </ChipRow>
          </View>
        )}
        <View className="row between">
          <View className="t14 bold">为谁预约</View>
          <ChipRow wrap>
            <Chip
              id="request-for-self"
              selected={beneficiary === null}
              onTap={() => chooseBeneficiary(null)}
            >
              我自己
            </Chip>
            <Chip
              id="request-for-colleague"
              icon="user"
              selected={beneficiary !== null}
              onTap={() => setOpen(true)}
            >
              {beneficiary?.name ?? '选同事'}
            </Chip>
          </ChipRow>
        </View>
      </View>
      {open ? <ColleagueSheet people={people} onClose={() => setOpen(false)} /> : null}
    </Card>
  )
}

/** The colleagues of the payer, found by name. */
function ColleagueSheet({ people, onClose }: { people: Payer; onClose: () => void }) {
  const me = useMe()
  const [q, setQ] = useState('')
  const { actingFor, beneficiary, chooseBeneficiary } = people
  const query = useQueryAs(
    bookingEndpoints.listBeneficiaries,
    me === null ? null : { q: q.trim(), limit: SHOWN },
    actingFor,
  )
  return (
    <Overlay open title="为哪位同事预约" onClose={onClose}>
      <View className="stack">
        <Field
          id="request-colleague-name"
          label="姓名"
          value={q}
          onInput={setQ}
          maxLength={60}
          hint="额度与限额算在你名下；双方都会收到消息"
        />
        <State
          query={query}
          isEmpty={(data) => data.rows.length === 0}
          empty={<Empty icon="user">没有找到可预约的同事，请由本单位管理员邀请加入</Empty>}
        >
          {(data) => (
            <RadioGroup
              label="同事"
              options={data.rows.map(({ id, name }) => ({ value: id, label: name }))}
              value={beneficiary?.id ?? null}
              onChange={(id) => {
                chooseBeneficiary(data.rows.find((one) => one.id === id) ?? null)
                onClose()
              }}
            />
          )}
        </State>
      </View>
    </Overlay>
  )
}
