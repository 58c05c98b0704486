import { useEffect, useState } from 'react'
import { onResize, windowWidth } from './platform/window.ts'

export type Layout = 'compact' | 'medium' | 'expanded' | 'large'

export function layoutOf(widthPx: number): Layout {
  if (widthPx < 600) return 'compact'
  if (widthPx < 1024) return 'medium'
  return widthPx < 1440 ? 'expanded' : 'large'
}

/**
 * The width class of the window: one column, two columns, rail and list–detail, the same with room
 * to spare.
 */
export function useLayout(): { layout: Layout; wide: boolean } {
  const [layout, setLayout] = useState(() => layoutOf(windowWidth()))
  // The window is outside React.
  useEffect(() => onResize(() => setLayout(layoutOf(windowWidth()))), [])
  return { layout, wide: layout === 'expanded' || layout === 'large' }
}
