import { View } from '@tarojs/components'
import type { Verification } from '@yiqi/shared/identity/endpoints-organisations.ts'
import { userKindLabels, verificationLabels } from '@yiqi/shared/identity/terms.ts'
import { stamp } from '@yiqi/shared/kernel/time.ts'
import { Banner } from '../../kernel/parts/banner.tsx'
import { Card } from '../../kernel/parts/card.tsx'
import { Cell } from '../../kernel/parts/cell.tsx'
import { Tag } from '../../kernel/parts/tag.tsx'
import { verificationTones } from './organisation-rules.ts'

/** 认证申请: what was said, what the checks warn of, what was decided. */
export function VerificationFacts({ verification }: { verification: Verification }) {
  const { organisation, state, findings, reason, shareholders, decidedBy, decidedAt } = verification
  const facts: [string, string | null][] = [
    ['统一社会信用代码', organisation.uscc],
    ['单位类型', organisation.userKind === null ? null : userKindLabels[organisation.userKind]],
    ['所在市', organisation.city],
    ['注册地址', verification.address],
    ['法定代表人', verification.legalRepresentative],
    ['股东', shareholders.map((one) => `${one.name} ${one.percent}%`).join('，') || null],
    ['执照', verification.licenceFileId === null ? '未上传' : '已上传'],
    ['提交', `${verification.submittedBy} ${stamp(new Date(verification.submittedAt))}`],
    ['办理', decidedAt === null ? null : `${decidedBy ?? ''} ${stamp(new Date(decidedAt))}`],
  ]
  return (
    <Card
      title={organisation.name}
      extra={<Tag tone={verificationTones[state]}>{verificationLabels[state]}</Tag>}
    >
      {reason === null ? null : (
        <Banner tone={state === 'refused' ? 'bad' : 'info'}>{`审核意见：${reason}`}</Banner>
      )}
      {facts.map(([name, value]) =>
        value === null ? null : (
          <Cell
            key={name}
            title={<View className="t13 ink3">{name}</View>}
            detail={<View className="t14 ink">{value}</View>}
          />
        ),
      )}
      {findings.length === 0 ? null : (
        <Banner tone="warn">
          {`自动核验提示（${findings.length}）：${findings.map((one) => one.sentence).join('；')}`}
        </Banner>
      )}
    </Card>
  )
}
