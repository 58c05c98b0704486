import { View } from '@tarojs/components'
import type { ReactNode } from 'react'
import { useLayout } from '../use-layout.ts'

export type ListDetailProps = {
  list: ReactNode
  /** What is selected; null shows `empty` on wide screens and nothing on phones. */
  detail: ReactNode | null
  empty?: ReactNode
}

/**
 * A list with the selected thing beside it where there is room; on phones the list alone (a tap
 * opens a page).
 */
export function ListDetail({ list, detail, empty = null }: ListDetailProps) {
  const { wide } = useLayout()
  if (!wide) return <>{list}</>
  return (
    <View className="p-list-detail">
      <View className="p-list">{list}</View>
      <View className="p-detail">{detail ?? empty}</View>
    </View>
  )
}

export type GridProps = {
  children: ReactNode
  columns?: 2 | 3 | 4
  /** Small cards: as many columns on phones too. */
  tight?: boolean
}

/** Cards in one column on phones, two on tablets, `columns` (default 3) on wide screens. */
export function Grid({ children, columns = 3, tight = false }: GridProps) {
  return (
    <View className={`p-grid p-grid-${columns} ${tight ? 'p-grid-tight' : ''}`}>{children}</View>
  )
}
