import { View } from '@tarojs/components'
import { useState } from 'react'
import { Button } from '../../kernel/parts/button.tsx'
import { Card } from '../../kernel/parts/card.tsx'
import { Sheet } from '../../kernel/parts/sheet.tsx'
import { Tap } from '../../kernel/parts/tap.tsx'
import type { Found } from './use-search.ts'

const SHOWN = 8

/**
 * City and class with how many instruments each has: a column beside the results on wide screens.
 */
export function Filters({ found }: { found: Found }) {
  const { search, change } = found
  const classes = found.query.data?.classes ?? []
  const fields = classes.filter((one) => one.value.length === 2)
  const inField = search.classCode.slice(0, 2)
  const finer = classes.filter((one) => one.value.length > 2 && one.value.startsWith(inField))
  const chooseClass = (classCode: string) => change({ ...search, classCode })
  return (
    <View className="stack">
      <Card>
        <Facets
          title="城市"
          options={found.query.data?.cities ?? []}
          chosen={search.cityCode}
          onChoose={(cityCode) => change({ ...search, cityCode })}
        />
      </Card>
      <Card>
        <Facets title="类别" options={fields} chosen={inField} onChoose={chooseClass} />
      </Card>
      {finer.length === 0 ? null : (
        <Card>
          <Facets
            title="细类"
            options={finer}
            chosen={search.classCode.length > 2 ? search.classCode : ''}
            onChoose={(classCode) => chooseClass(classCode === '' ? inField : classCode)}
          />
        </Card>
      )}
    </View>
  )
}

/** The same in a sheet on phones, with the count of what will be shown. */
export function FilterSheet({
  open,
  found,
  onClose,
}: {
  open: boolean
  found: Found
  onClose: () => void
}) {
  const total = found.query.data?.total ?? 0
  const clear = () => found.change({ ...found.search, cityCode: '', classCode: '' })
  return (
    <Sheet
      open={open}
      title="筛选"
      onClose={onClose}
      extra={
        <Button kind="quiet" onTap={clear}>
          清除
        </Button>
      }
      footer={
        <Button kind="primary" size="block" onTap={onClose}>
          {`查看 ${total} 台仪器`}
        </Button>
      }
    >
      <Filters found={found} />
    </Sheet>
  )
}

type FacetsProps = {
  title: string
  options: readonly { value: string; label: string; count: number }[]
  chosen: string
  /** '' is any. */
  onChoose: (value: string) => void
}

function Facets({ title, options, chosen, onChoose }: FacetsProps) {
  const [all, setAll] = useState(false)
  const cut = options.length > SHOWN + 2 && !all
  const shown = cut ? options.filter((one, i) => i < SHOWN || one.value === chosen) : options
  return (
    <View>
      <View className="t14 bold f-facets-title">{title}</View>
      <Facet label="不限" count={null} on={chosen === ''} onTap={() => onChoose('')} />
      {shown.map((one) => (
        <Facet
          key={one.value}
          label={one.label}
          count={one.count}
          on={one.value === chosen}
          onTap={() => onChoose(one.value === chosen ? '' : one.value)}
        />
      ))}
      {cut ? (
        <Button kind="quiet" onTap={() => setAll(true)}>{`展开全部 ${options.length} 项`}</Button>
      ) : null}
    </View>
  )
}

type FacetProps = { label: string; count: number | null; on: boolean; onTap: () => void }

function Facet({ label, count, on, onTap }: FacetProps) {
  return (
    <Tap
      role="radio"
      className={`f-facet ${on ? 'f-facet-on' : ''}`}
      state={{ checked: on }}
      onTap={onTap}
    >
      <View className="t14 grow cut">{label}</View>
      {count === null ? null : <View className="t13 ink3 num">{String(count)}</View>}
    </Tap>
  )
}
