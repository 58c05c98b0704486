import { View } from '@tarojs/components'
import { useState } from 'react'
import { Button } from '../../kernel/parts/button.tsx'
import { pickAndSend } from '../../kernel/platform/upload.ts'

export type Scan = { id: string; name: string }

type LicenceFieldProps = {
  label: string
  scan: Scan | null
  onScan: (scan: Scan | null) => void
}

/** 扫描件: chosen, checked and kept by the server at once; only its id goes with the form. */
export function LicenceField({ label, scan, onScan }: LicenceFieldProps) {
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState<string | null>(null)
  const choose = async () => {
    setBusy(true)
    setWrong(null)
    const sent = await pickAndSend('licence', ['pdf', 'png', 'jpg', 'jpeg', 'webp'])
    setBusy(false)
    if (sent === null) return
    if ('refused' in sent) setWrong(sent.message)
    else if (sent.state === 'clean') onScan({ id: sent.id, name: sent.name })
    else setWrong('文件正在安全检查，请稍后再传')
  }
  return (
    <View className="stack stack-8">
      <View className="t14 ink2">{label}</View>
      <View className="row row-wrap">
        <View className="grow t14">{scan?.name ?? '可以先提交，审核时会提示缺少扫描件'}</View>
        {scan === null ? null : (
          <Button kind="quiet" label={`移除 ${scan.name}`} onTap={() => onScan(null)}>
            移除
          </Button>
        )}
        <Button icon="file-up" busy={busy} onTap={() => void choose()}>
          {scan === null ? '选择文件' : '更换'}
        </Button>
      </View>
      <View className="t13 ink3">
        PDF 或图片，不超过 10 MB；加密保存，只有本单位和审核人可以查看
      </View>
      {wrong === null ? null : <View className="t13 bad">{wrong}</View>}
    </View>
  )
}
