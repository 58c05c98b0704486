import { View } from '@tarojs/components'
import { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { Consent, PrivacyNotice } from '@yiqi/shared/identity/endpoints-privacy.ts'
import { stamp } from '@yiqi/shared/kernel/time.ts'
import { useState } from 'react'
import { Banner } from '../../kernel/parts/banner.tsx'
import { Button } from '../../kernel/parts/button.tsx'
import { Card } from '../../kernel/parts/card.tsx'
import { Refusal, State } from '../../kernel/parts/state.tsx'
import { Tag } from '../../kernel/parts/tag.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { isH5 } from '../../kernel/platform/target.ts'
import { useQuery } from '../../kernel/use-query.ts'
import { useWrite } from '../../kernel/use-write.ts'
import { NoticeSheet } from '../parts/notice-sheet.tsx'
import { consentState } from './consent-rules.ts'

/** Per scope its text, what was said to it, and one tap to say otherwise. */
export function Consents({ onChange }: { onChange: () => void }) {
  const query = useQuery(identityEndpoints.getConsents, {})
  const notices = useQuery(identityEndpoints.listPrivacyNotices, {})
  const [read, setRead] = useState<PrivacyNotice | null>(null)
  const changed = () => {
    void query.refresh()
    onChange()
  }
  const open = (consent: Consent) =>
    setRead(notices.data?.rows.find((row) => row.scope === consent.scope) ?? null)
  return (
    <>
      <State query={query}>
        {(data) => (
          <>
            {data.needsConsent.length === 0 ? null : (
              <Banner tone="warn">服务协议或隐私政策有您尚未同意的版本，请阅读后同意。</Banner>
            )}
            {data.rows.map((row) => (
              <ConsentCard
                key={row.scope}
                consent={row}
                onRead={() => open(row)}
                onChange={changed}
              />
            ))}
          </>
        )}
      </State>
      <NoticeSheet notice={read} onClose={() => setRead(null)} />
    </>
  )
}

type ConsentCardProps = { consent: Consent; onRead: () => void; onChange: () => void }

function ConsentCard({ consent, onRead, onChange }: ConsentCardProps) {
  const give = useWrite(identityEndpoints.giveConsent)
  const withdraw = useWrite(identityEndpoints.withdrawConsent)
  const { scope, version } = consent
  const agree = async () => {
    const channel = isH5 ? ('h5' as const) : ('weapp' as const)
    if ((await give.run({ scope, version, channel })) === null) return
    toast('已同意')
    onChange()
  }
  const takeBack = async () => {
    if ((await withdraw.run({ scope })) === null) return
    toast('已撤回')
    onChange()
  }
  const { words, tone } = consentState(consent)
  return (
    <Card title={consent.title} extra={<Tag tone={tone}>{words}</Tag>}>
      <View className="stack stack-8">
        <View className="t14 ink2">{consent.neededFor}</View>
        <View className="t13 ink3 num">
          {[
            consent.separate ? '单独同意' : null,
            `现行版本 ${version}`,
            consent.givenAt === null
              ? null
              : `${stamp(new Date(consent.givenAt))} 同意 ${consent.givenVersion}`,
          ]
            .filter((part) => part !== null)
            .join(' · ')}
        </View>
        <View className="row row-wrap">
          <Button kind="quiet" label={`阅读${consent.title}`} onTap={onRead}>
            阅读全文
          </Button>
          {consent.inForce ? null : (
            <Button
              id={`consent-give-${scope}`}
              label={`同意${consent.title}`}
              busy={give.busy}
              onTap={() => void agree()}
            >
              同意
            </Button>
          )}
          {!consent.inForce || consent.endsAccount ? null : (
            <Button
              id={`consent-withdraw-${scope}`}
              label={`撤回${consent.title}`}
              busy={withdraw.busy}
              onTap={() => void takeBack()}
            >
              撤回
            </Button>
          )}
        </View>
        {consent.endsAccount && consent.inForce ? (
          <View className="t13 ink3">撤回此项即注销账号，见本页末尾。</View>
        ) : null}
        <Refusal refusal={give.refusal ?? withdraw.refusal} />
      </View>
    </Card>
  )
}
