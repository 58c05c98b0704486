import { View } from '@tarojs/components'
import { Chip, ChipRow } from '../../kernel/parts/chip.tsx'
import { Icon } from '../../kernel/parts/icon.tsx'
import { namesOf } from './facets.ts'
import type { Found } from './use-search.ts'

/** Quick conditions as chips, and what the words were understood as. */
export function Conditions({ found, onFilter }: { found: Found; onFilter: (() => void) | null }) {
  const { search, change } = found
  const names = namesOf(found)
  const filters = [search.cityCode, search.classCode].filter((value) => value !== '').length
  return (
    <View className="stack stack-8">
      <ChipRow>
        {onFilter === null ? null : (
          <Chip icon="funnel" selected={filters > 0} onTap={onFilter}>
            {filters > 0 ? `筛选 ${filters}` : '筛选'}
          </Chip>
        )}
        <Chip selected={search.free} onTap={() => change({ ...search, free: !search.free })}>
          本周有空
        </Chip>
        <Chip
          selected={search.voucher}
          onTap={() => change({ ...search, voucher: !search.voucher })}
        >
          可用创新券
        </Chip>
        {search.kind === '' ? null : (
          <Chip icon="x" selected onTap={() => change({ ...search, kind: '' })}>
            {names.kind}
          </Chip>
        )}
        {search.cityCode === '' ? null : (
          <Chip icon="x" selected onTap={() => change({ ...search, cityCode: '' })}>
            {names.city}
          </Chip>
        )}
        {search.classCode === '' ? null : (
          <Chip icon="x" selected onTap={() => change({ ...search, classCode: '' })}>
            {names.className}
          </Chip>
        )}
      </ChipRow>
      <Understood found={found} />
    </View>
  )
}

function Understood({ found }: { found: Found }) {
  const understood = found.query.data?.understood ?? []
  if (understood.length === 0 || found.asked.q.trim() === '') return null
  const terms = [...new Set(understood.map((one) => one.term))]
  const lines = terms.map((term) => {
    const kinds = understood.filter((one) => one.term === term).map((one) => one.kindName)
    return `${term} → ${kinds.slice(0, 3).join('、')}${kinds.length > 3 ? ' 等' : ''}`
  })
  return (
    <View className="f-understood t13">
      <Icon name="sparkles" size={14} />
      <View className="grow">{lines.slice(0, 2).join('；')}</View>
    </View>
  )
}
