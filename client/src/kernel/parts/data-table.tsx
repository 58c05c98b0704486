import { View } from '@tarojs/components'
import type { ReactNode } from 'react'
import { a11y } from '../a11y.ts'
import { useKeys } from '../platform/keyboard.ts'
import { Tap } from './tap.tsx'

export type Column<R> = {
  id: string
  title: string
  cell: (row: R) => ReactNode
  /** `end` for figures, in tabular digits. */
  align?: 'start' | 'end'
  /** A CSS grid track; default `1fr`. */
  width?: string
  /** What the totals row says here. */
  total?: ReactNode
}

export type DataTableProps<R> = {
  /** What the table is, for readers. */
  label: string
  columns: readonly Column<R>[]
  rows: readonly R[]
  keyOf: (row: R) => string
  selected?: string | null
  /** A tap, or J / K / arrows on the keyboard. */
  onSelect?: (row: R) => void
  /** Enter on the selected row. */
  onOpen?: (row: R) => void
  /** A line below the last row when nothing is there. */
  empty?: ReactNode
}

/** Below this the table scrolls sideways instead of cutting its figures. */
const COLUMN_MIN_PX = 112

/** The table of a desk page: head and totals stay, figures align, rows are chosen by keyboard. */
export function DataTable<R>({
  label,
  columns,
  rows,
  keyOf,
  selected = null,
  onSelect,
  onOpen,
  empty,
}: DataTableProps<R>) {
  const tracks = {
    gridTemplateColumns: columns.map(trackOf).join(' '),
    minWidth: `${columns.length * COLUMN_MIN_PX}px`,
  }
  const at = rows.findIndex((row) => keyOf(row) === selected)
  const move = (by: number) => {
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))]
    if (next !== undefined) onSelect?.(next)
  }
  const down = () => move(1)
  const up = () => move(-1)
  const open = () => {
    const row = rows[at]
    if (row !== undefined) onOpen?.(row)
  }
  const choosing = { j: down, ArrowDown: down, k: up, ArrowUp: up }
  useKeys(onOpen === undefined ? choosing : { ...choosing, Enter: open }, onSelect !== undefined)
  const hasTotals = columns.some((column) => column.total !== undefined)
  return (
    <View className="p-table" {...a11y({ role: 'table', label })}>
      <View className="p-tr p-thead t13 ink2" style={tracks} {...a11y({ role: 'row' })}>
        {columns.map((column) => (
          <View key={column.id} className={cellClass(column)} {...a11y({ role: 'columnheader' })}>
            {column.title}
          </View>
        ))}
      </View>
      {rows.map((row) => {
        const on = keyOf(row) === selected
        return (
          <Tap
            key={keyOf(row)}
            role="row"
            className={`p-tr t14 ${on ? 'p-tr-on' : ''}`}
            style={tracks}
            state={{ selected: on }}
            onTap={() => (on && onOpen !== undefined ? onOpen(row) : onSelect?.(row))}
          >
            {columns.map((column) => (
              <View key={column.id} className={cellClass(column)} {...a11y({ role: 'cell' })}>
                {column.cell(row)}
              </View>
            ))}
          </Tap>
        )
      })}
      {rows.length === 0 ? <View className="p-table-empty">{empty}</View> : null}
      {hasTotals ? (
        <View className="p-tr p-tfoot t14 bold" style={tracks} {...a11y({ role: 'row' })}>
          {columns.map((column) => (
            <View key={column.id} className={cellClass(column)} {...a11y({ role: 'cell' })}>
              {column.total ?? ''}
            </View>
          ))}
        </View>
      ) : null}
    </View>
  )
}

function cellClass<R>(column: Column<R>): string {
  return `p-td ${column.align === 'end' ? 'p-td-end num' : ''}`
}

/** Figures are never cut: their columns keep room for ¥1,234,567.00. */
function trackOf<R>(column: Column<R>): string {
  return column.width ?? (column.align === 'end' ? 'minmax(108px, 1fr)' : 'minmax(0, 1fr)')
}
