import { View } from '@tarojs/components'
import { useLoad, useRouter } from '@tarojs/taro'
import { catalogueEndpoints } from '@yiqi/shared/catalogue/endpoints.ts'
import { useState } from 'react'
import { call } from '../../kernel/call.ts'
import { redirect } from '../../kernel/go.ts'
import { Button } from '../../kernel/parts/button.tsx'
import { Field } from '../../kernel/parts/field.tsx'
import { Page } from '../../kernel/parts/page.tsx'
import { Refusal } from '../../kernel/parts/state.tsx'
import { readCode, scanCode } from '../../kernel/platform/scan.ts'
import { supports } from '../../kernel/platform/support.ts'
import { isRefused, type Refused } from '../../kernel/refused.ts'

/** Where a sticker's code lands: scanned in WeChat (`q`), opened in a browser (`code`), or typed by hand. */
export default function Scan() {
  const { params } = useRouter()
  const [code, setCode] = useState('')
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<Refused | null>(null)

  const open = async (wanted: string) => {
    setBusy(true)
    setRefusal(null)
    try {
      const found = await call(catalogueEndpoints.findInstrumentByCode, { code: wanted })
      await redirect.catalogue.instrument({ id: found.id })
    } catch (error) {
      if (!isRefused(error)) throw error
      setRefusal(error)
    } finally {
      setBusy(false)
    }
  }
  useLoad(() => {
    const landed = readCode(params.q ?? params.code ?? params.scene ?? '')
    if (landed.kind === 'unknown') return
    setCode(landed.code)
    void open(landed.code)
  })
  const scan = async () => {
    const scanned = await scanCode()
    if (scanned?.kind === 'code') await open(scanned.code)
  }
  return (
    <Page title="扫码">
      <View className="stack stack-16">
        {supports('scan') ? (
          <Button size="block" icon="scan-line" onTap={() => void scan()}>
            扫仪器码
          </Button>
        ) : null}
        <Field
          label="仪器短码"
          hint="贴纸二维码下方的 6 位字母与数字"
          value={code}
          maxLength={6}
          onInput={(text) => setCode(text.toUpperCase())}
          onConfirm={() => void open(code)}
        />
        <Refusal refusal={refusal} />
        <Button
          kind="primary"
          size="block"
          busy={busy}
          disabled={code.length !== 6}
          onTap={() => void open(code)}
        >
          打开仪器
        </Button>
      </View>
    </Page>
  )
}
