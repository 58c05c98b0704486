import { View } from '@tarojs/components'
import { type ReactNode, useId } from 'react'
import { a11y, tappable } from '../a11y.ts'
import { useFocusInside } from '../platform/keyboard.ts'
import { useLayout } from '../use-layout.ts'
import { IconButton } from './button.tsx'
import { Portal } from './scope.tsx'

export type SheetProps = {
  open: boolean
  title: string
  onClose: () => void
  children: ReactNode
  /** Stays at the bottom of the sheet: the primary button. */
  footer?: ReactNode
  /** At the end of the title line. */
  extra?: ReactNode
}

/** A step beside the page: a bottom sheet on phones, a drawer at the right on wide screens. */
export function Sheet({ open, title, onClose, children, footer, extra }: SheetProps) {
  const { wide } = useLayout()
  const id = `sheet${useId().replace(/\W/g, '')}`
  useFocusInside(id, open, onClose)
  if (!open) return null
  return (
    <Portal>
      <View className={`p-overlay ${wide ? 'p-overlay-right' : 'p-overlay-bottom'}`}>
        <View className="p-veil" onClick={onClose} {...a11y({ hidden: true })} catchMove />
        <View
          id={id}
          className={wide ? 'p-drawer' : 'p-sheet'}
          {...a11y({ role: 'dialog', label: title })}
          {...focusable}
        >
          {wide ? null : <View className="p-grip" />}
          <View className="p-sheet-head">
            <View className="t17 grow">{title}</View>
            {extra}
            <IconButton icon="x" label="关闭" onTap={onClose} />
          </View>
          <View className="p-sheet-body">{children}</View>
          {footer === undefined ? null : <View className="p-sheet-footer">{footer}</View>}
        </View>
      </View>
    </Portal>
  )
}

const focusable = tappable(undefined, false)
