import { View } from '@tarojs/components'
import { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { OrganisationDetail } from '@yiqi/shared/identity/endpoints-organisations.ts'
import { useState } from 'react'
import { Button, IconButton } from '../../kernel/parts/button.tsx'
import { Field } from '../../kernel/parts/field.tsx'
import { Sheet } from '../../kernel/parts/sheet.tsx'
import { Refusal } from '../../kernel/parts/state.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { issueOf } from '../../kernel/refused.ts'
import { useWrite } from '../../kernel/use-write.ts'
import { LicenceField, type Scan } from './licence-field.tsx'
import { type ShareRow, shareholdersFrom } from './organisation-rules.ts'

type VerificationSheetProps = {
  /** Null keeps the sheet closed. */
  organisation: OrganisationDetail | null
  onClose: () => void
  onDone: () => void
}

/** 提交认证: representative, shareholders (for related parties) and the licence. */
export function VerificationSheet({ organisation, onClose, onDone }: VerificationSheetProps) {
  const inner = organisation?.inner ?? null
  const [representative, setRepresentative] = useState(inner?.legalRepresentative ?? '')
  const [shares, setShares] = useState<ShareRow[]>(
    (inner?.shareholders ?? []).map(({ name, percent }, key) => ({
      key,
      name,
      percent: String(percent),
    })),
  )
  const [scan, setScan] = useState<Scan | null>(null)
  const submit = useWrite(identityEndpoints.submitVerification)
  const shareholders = shareholdersFrom(shares)
  const ready = representative.trim() !== '' && shareholders !== null
  const send = async () => {
    if (organisation === null || shareholders === null) return
    const done = await submit.run({
      id: organisation.id,
      legalRepresentative: representative,
      shareholders,
      credentials: [],
      ...(scan === null ? {} : { licenceFileId: scan.id }),
    })
    if (done === null) return
    toast('已提交，等待审核')
    onClose()
    onDone()
  }
  return (
    <Sheet
      open={organisation !== null}
      title="提交认证"
      onClose={onClose}
      footer={
        <Button
          id="verification-submit"
          kind="primary"
          size="block"
          busy={submit.busy}
          disabled={!ready}
          onTap={() => void send()}
        >
          提交审核
        </Button>
      }
    >
      <Field
        id="verification-representative"
        label="法定代表人"
        value={representative}
        maxLength={60}
        onInput={setRepresentative}
        error={issueOf(submit.refusal, 'legalRepresentative')}
      />
      <Shares rows={shares} onChange={setShares} whole={shareholders !== null} />
      <LicenceField label="营业执照或法人证书" scan={scan} onScan={setScan} />
      <Refusal refusal={submit.refusal} safe="未提交" />
    </Sheet>
  )
}

type SharesProps = { rows: ShareRow[]; onChange: (rows: ShareRow[]) => void; whole: boolean }

function Shares({ rows, onChange, whole }: SharesProps) {
  const set = (key: number, change: Partial<ShareRow>) =>
    onChange(rows.map((row) => (row.key === key ? { ...row, ...change } : row)))
  const next = Math.max(-1, ...rows.map((row) => row.key)) + 1
  return (
    <View className="stack stack-8">
      <View className="t14 ink2">股东与出资比例</View>
      <View className="t13 ink3">用于核对与服务机构的关联关系；事业单位可不填</View>
      {rows.map((row, at) => (
        <View className="row" key={row.key}>
          <View className="grow">
            <Field
              label={`股东 ${at + 1}`}
              value={row.name}
              maxLength={60}
              onInput={(name) => set(row.key, { name })}
            />
          </View>
          <Field
            label="比例"
            type="digit"
            value={row.percent}
            maxLength={8}
            onInput={(percent) => set(row.key, { percent })}
            extra="%"
          />
          <IconButton
            icon="x"
            label={`移除股东 ${at + 1}`}
            onTap={() => onChange(rows.filter((one) => one.key !== row.key))}
          />
        </View>
      ))}
      {whole ? null : <View className="t13 bad">每位股东都要有名称和 0 至 100 的比例</View>}
      <Button
        id="verification-add-share"
        icon="plus"
        disabled={rows.length >= 50}
        onTap={() => onChange([...rows, { key: next, name: '', percent: '' }])}
      >
        添加股东
      </Button>
    </View>
  )
}
