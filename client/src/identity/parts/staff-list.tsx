import { View } from '@tarojs/components'
import { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { StaffRow } from '@yiqi/shared/identity/endpoints-staff.ts'
import { validityLabels } from '@yiqi/shared/identity/terms-staff.ts'
import { useState } from 'react'
import { Card } from '../../kernel/parts/card.tsx'
import { SearchBox } from '../../kernel/parts/field.tsx'
import { More } from '../../kernel/parts/more.tsx'
import { Empty, State } from '../../kernel/parts/state.tsx'
import { Tag } from '../../kernel/parts/tag.tsx'
import { usePages } from '../../kernel/use-pages.ts'
import { staffWords, validityTones } from './staff-rules.ts'

type StaffListProps = {
  selected: StaffRow | null
  onSelect: (row: StaffRow) => void
  /** One's own entry alone: nothing to search. */
  alone: boolean
  /** The institution's name stands with each. */
  many: boolean
}

/** The people of the register by name; technicians who are not in it yet say so. */
export function StaffList({ selected, onSelect, alone, many }: StaffListProps) {
  const [q, setQ] = useState('')
  const asked = q.trim()
  const pages = usePages(
    identityEndpoints.listStaff,
    { limit: 50, ...(asked === '' ? {} : { q: asked }) },
    { keepOld: true },
  )
  return (
    <View className="stack">
      {alone ? null : <SearchBox id="staff-search" value={q} onInput={setQ} placeholder="搜姓名" />}
      <State
        query={pages.query}
        isEmpty={(page) => page.rows.length === 0}
        empty={
          <Empty icon="id-card">
            {asked === ''
              ? '还没有机组人员。先在“成员与额度”邀请同事担任机组人员。'
              : '没有这个姓名的人员。'}
          </Empty>
        }
      >
        {(page) => (
          <View className="stack stack-8">
            {page.rows.map((row) => (
              <Card
                key={row.id}
                id={`staff-${row.userId}`}
                label={`${row.name}，${staffWords(row)}`}
                selected={row.id === selected?.id}
                look={row.atWork ? 'plain' : 'sunken'}
                onTap={() => onSelect(row)}
              >
                <Person row={row} many={many} />
              </Card>
            ))}
          </View>
        )}
      </State>
      <More pages={pages} />
    </View>
  )
}

function Person({ row, many }: { row: StaffRow; many: boolean }) {
  const { establishmentLabel, validity } = row
  const troubled = validity === 'expired' || validity === 'expiring'
  return (
    <View className="stack stack-4">
      <View className="row row-wrap">
        <View className="t16 bold grow">{row.name}</View>
        {!troubled ? null : <Tag tone={validityTones[validity]}>{validityLabels[validity]}</Tag>}
        {row.atWork ? null : <Tag>已离岗</Tag>}
        <Tag tone={row.registered ? 'info' : 'warn'}>{establishmentLabel ?? '未登记'}</Tag>
      </View>
      <View className="t13 ink3">{staffWords(row)}</View>
      {many ? <View className="t13 ink3">{row.organisation.name}</View> : null}
    </View>
  )
}
