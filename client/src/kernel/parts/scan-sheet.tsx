import { View } from '@tarojs/components'
import { type ReactNode, useState } from 'react'
import { vibrate } from '../platform/haptics.ts'
import { scanCode } from '../platform/scan.ts'
import { supports } from '../platform/support.ts'
import type { Refused } from '../refused.ts'
import { Button } from './button.tsx'
import { Field } from './field.tsx'
import { Sheet } from './sheet.tsx'
import { Refusal } from './state.tsx'

const CODE_LENGTH = 6

export type Scanner = {
  /** Scans with the camera, or opens the sheet where there is none. */
  start: () => void
  close: () => void
  /** The sheet: must be drawn by whoever scans. */
  sheet: ReactNode
}

export type ScannerProps = {
  title: string
  /** A code was read or typed: six characters. */
  onCode: (code: string) => void
  busy: boolean
  refusal: Refused | null
  /** What is safe when it was refused. */
  safe?: string
  /** Offered when it was refused: look at the instrument instead. */
  onOther?: (code: string) => void
}

/**
 * The code of an instrument's sticker: by camera in WeChat, typed in a sheet elsewhere or when that
 * failed.
 */
export function useScanner(props: ScannerProps): Scanner {
  const { title, onCode, busy, refusal, safe, onOther } = props
  const [open, setOpen] = useState(false)
  const [code, setCode] = useState('')
  const start = async () => {
    if (!supports('scan')) return setOpen(true)
    const scanned = await scanCode()
    if (scanned?.kind !== 'code') return setOpen(true)
    vibrate('medium')
    setCode(scanned.code)
    setOpen(true) // shows what the server says of it
    onCode(scanned.code)
  }
  const ready = code.trim().length === CODE_LENGTH
  const submit = () => {
    if (ready) onCode(code.trim().toUpperCase())
  }
  const sheet = (
    <Sheet
      open={open}
      title={title}
      onClose={() => setOpen(false)}
      footer={
        <Button
          id="scan-submit"
          kind="primary"
          size="block"
          icon="scan-line"
          busy={busy}
          disabled={!ready}
          onTap={submit}
        >
          签到并开始
        </Button>
      }
    >
      <Field
        id="scan-code"
        label="仪器短码"
        hint="贴纸二维码下方的 6 位字母与数字"
        value={code}
        maxLength={CODE_LENGTH}
        onInput={(text) => setCode(text.toUpperCase())}
        onConfirm={submit}
      />
      <Refusal refusal={refusal} {...(safe === undefined ? {} : { safe })} />
      {refusal === null || onOther === undefined || !ready ? null : (
        <Button id="scan-other" onTap={() => onOther(code.trim().toUpperCase())}>
          打开这台仪器
        </Button>
      )}
      <View className="t13 ink3">签到记录开始时间；提前 15 分钟起可签到。</View>
    </Sheet>
  )
  return { start: () => void start(), close: () => setOpen(false), sheet }
}
