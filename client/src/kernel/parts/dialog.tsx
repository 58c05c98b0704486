import { View } from '@tarojs/components'
import { type ReactNode, useId } from 'react'
import { a11y, tappable } from '../a11y.ts'
import { useFocusInside } from '../platform/keyboard.ts'
import { Button } from './button.tsx'
import { Portal } from './scope.tsx'

export type DialogProps = {
  open: boolean
  title: string
  children?: ReactNode
  /** The verb of the deed ("取消预约"), never 确定. */
  confirm: {
    words: string
    onTap: () => void
    busy?: boolean
    danger?: boolean
    disabled?: boolean
    id?: string
  }
  /** The words that leave things as they are; default 再想想. */
  cancelWords?: string
  onClose: () => void
}

/** Asks once before something that cannot be taken back. What can be undone needs no dialog. */
export function Dialog({
  open,
  title,
  children,
  confirm,
  cancelWords = '再想想',
  onClose,
}: DialogProps) {
  const id = `dialog${useId().replace(/\W/g, '')}`
  useFocusInside(id, open, onClose)
  if (!open) return null
  return (
    <Portal>
      <View className="p-overlay p-overlay-centre">
        <View className="p-veil" onClick={onClose} {...a11y({ hidden: true })} catchMove />
        <View
          id={id}
          className="p-dialog"
          {...a11y({ role: 'alertdialog', label: title })}
          {...focusable}
        >
          <View className="t17">{title}</View>
          {children === undefined ? null : (
            <View className="p-dialog-body t14 ink2">{children}</View>
          )}
          <View className="p-dialog-buttons">
            <Button kind="secondary" onTap={onClose}>
              {cancelWords}
            </Button>
            <Button
              {...(confirm.id === undefined ? {} : { id: confirm.id })}
              kind={confirm.danger === true ? 'danger' : 'primary'}
              busy={confirm.busy === true}
              disabled={confirm.disabled === true}
              onTap={confirm.onTap}
            >
              {confirm.words}
            </Button>
          </View>
        </View>
      </View>
    </Portal>
  )
}

const focusable = tappable(undefined, false)
