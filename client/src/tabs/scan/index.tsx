import { View } from '@tarojs/components'
import { useState } from 'react'
import { Button } from '../../kernel/parts/button.tsx'
import { Field } from '../../kernel/parts/field.tsx'
import { Page } from '../../kernel/parts/page.tsx'
import { readCode, scanCode } from '../../kernel/platform/scan.ts'
import { supports } from '../../kernel/platform/support.ts'
import { useParams } from '../../kernel/use-params.ts'
import { Landing } from './landing.tsx'

const CODE_LENGTH = 6

/**
 * Where a sticker's code lands: scanned in WeChat (`q`, `scene`), opened in a browser (`code`), or
 * typed by hand.
 */
export default function Scan() {
  const params = useParams<'q' | 'code' | 'scene'>()
  const [landed, setLanded] = useState<string | null>(() => {
    const read = readCode(params.q ?? params.code ?? params.scene ?? '')
    return read.kind === 'code' ? read.code : null
  })
  return (
    <Page title="扫码">
      {landed === null ? (
        <AskCode onCode={setLanded} />
      ) : (
        <Landing code={landed} onOther={() => setLanded(null)} />
      )}
    </Page>
  )
}

function AskCode({ onCode }: { onCode: (code: string) => void }) {
  const [code, setCode] = useState('')
  const [unknown, setUnknown] = useState(false)
  const ready = code.trim().length === CODE_LENGTH
  const submit = () => {
    if (ready) onCode(code.trim().toUpperCase())
  }
  const scan = async () => {
    const scanned = await scanCode()
    setUnknown(scanned?.kind === 'unknown')
    if (scanned?.kind === 'code') onCode(scanned.code)
  }
  return (
    <View className="stack stack-16">
      {supports('scan') ? (
        <Button id="scan-camera" size="block" icon="scan-line" onTap={() => void scan()}>
          扫仪器码
        </Button>
      ) : null}
      <Field
        id="scan-code"
        label="仪器短码"
        hint="贴纸二维码下方的 6 位字母与数字"
        error={unknown ? '这不是仪器贴纸的码，请扫贴纸或输入短码' : null}
        value={code}
        maxLength={CODE_LENGTH}
        onInput={(text) => setCode(text.toUpperCase())}
        onConfirm={submit}
      />
      <Button id="scan-submit" kind="primary" size="block" disabled={!ready} onTap={submit}>
        打开仪器
      </Button>
    </View>
  )
}
