import { View } from '@tarojs/components'
import { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { PrivacyNotice } from '@yiqi/shared/identity/endpoints-privacy.ts'
import { accountScopes } from '@yiqi/shared/identity/terms-privacy.ts'
import { useState } from 'react'
import { NoticeSheet } from '../../identity/parts/notice-sheet.tsx'
import { call, newKey } from '../../kernel/call.ts'
import { Button } from '../../kernel/parts/button.tsx'
import { Checkbox } from '../../kernel/parts/checkbox.tsx'
import { ErrorBlock } from '../../kernel/parts/state.tsx'
import { isH5 } from '../../kernel/platform/target.ts'
import type { Query } from '../../kernel/use-query.ts'
import { useQuery } from '../../kernel/use-query.ts'

export type Agreement = {
  query: Query<{ rows: PrivacyNotice[] }>
  /** What the account stands on. */
  notices: PrivacyNotice[]
  agreed: boolean
  setAgreed: (agreed: boolean) => void
  /** Why nobody may log in yet; null: they may. */
  reason: string | null
}

/** The texts that must be agreed to before anybody's number is taken, and whether they are. */
export function useAgreement(): Agreement {
  const query = useQuery(identityEndpoints.listPrivacyNotices, {})
  const [agreed, setAgreed] = useState(false)
  const notices = (query.data?.rows ?? []).filter((row) => accountScopes.includes(row.scope))
  const reason = agreed && notices.length > 0 ? null : '请先阅读并同意服务协议和隐私政策'
  return { query, notices, agreed, setAgreed, reason }
}

/**
 * Writes down what was agreed to, in the versions that were shown. A refusal stops nobody: the page
 * 个人信息与隐私 asks again.
 */
export async function recordAgreement({ notices }: Agreement): Promise<void> {
  const channel = isH5 ? 'h5' : 'weapp'
  const given = notices.map(({ scope, version }) =>
    call(identityEndpoints.giveConsent, { scope, version, channel }, { key: newKey() }),
  )
  await Promise.allSettled(given)
}

/** The tick, and the texts it is about. */
export function AgreementTick({ agreement }: { agreement: Agreement }) {
  const [read, setRead] = useState<PrivacyNotice | null>(null)
  const { query, notices, agreed, setAgreed } = agreement
  if (query.data === null && query.refusal !== null)
    return <ErrorBlock refusal={query.refusal} onRetry={() => void query.refresh()} />
  return (
    <View className="stack stack-8 log-in-form">
      <Checkbox
        id="log-in-agree"
        checked={agreed}
        disabled={notices.length === 0}
        onChange={setAgreed}
      >
        我已阅读并同意服务协议和隐私政策
      </Checkbox>
      <View className="row row-wrap">
        {notices.map((notice) => (
          <Button
            key={notice.scope}
            id={`log-in-read-${notice.scope}`}
            kind="quiet"
            onTap={() => setRead(notice)}
          >
            {`阅读${notice.title}`}
          </Button>
        ))}
      </View>
      <NoticeSheet notice={read} onClose={() => setRead(null)} />
    </View>
  )
}
