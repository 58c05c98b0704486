import { View } from '@tarojs/components'
import { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { Membership } from '@yiqi/shared/identity/endpoints-log-in.ts'
import type { OrganisationDetail } from '@yiqi/shared/identity/endpoints-organisations.ts'
import { userKindLabels, verificationLabels } from '@yiqi/shared/identity/terms.ts'
import { whyNotAllowed } from '@yiqi/shared/kernel/access.ts'
import { useState } from 'react'
import { go, herePath } from '../../kernel/go.ts'
import { useMe } from '../../kernel/log-in.ts'
import { Banner } from '../../kernel/parts/banner.tsx'
import { Button, ReasonButton } from '../../kernel/parts/button.tsx'
import { Card, Section } from '../../kernel/parts/card.tsx'
import { Cell } from '../../kernel/parts/cell.tsx'
import { More } from '../../kernel/parts/more.tsx'
import { Page } from '../../kernel/parts/page.tsx'
import { Empty, State } from '../../kernel/parts/state.tsx'
import { Tag } from '../../kernel/parts/tag.tsx'
import { usePages } from '../../kernel/use-pages.ts'
import { useParams } from '../../kernel/use-params.ts'
import { useQuery } from '../../kernel/use-query.ts'
import { CredentialList } from '../parts/credential-list.tsx'
import { CredentialSheet } from '../parts/credential-sheet.tsx'
import { verificationTones } from '../parts/organisation-rules.ts'
import { RegisterForm } from '../parts/register-form.tsx'
import { VerificationFacts } from '../parts/verification-facts.tsx'
import { VerificationSheet } from '../parts/verification-sheet.tsx'

/** 单位认证: registers an organisation, keeps it verified, and its credentials valid. */
export default function VerifyOrganisationPage() {
  const me = useMe()
  const { another } = useParams<'another'>()
  if (me === null) return <Visitor />
  if (me.membership === null || another === '1')
    return (
      <Page title="登记单位">
        <Banner tone="info">
          单位已在平台时，请向本单位管理员要邀请链接；没有时在这里登记，登记人成为管理员。
        </Banner>
        <RegisterForm />
      </Page>
    )
  return <Own key={me.membership.id} membership={me.membership} />
}

function Visitor() {
  const logIn = { words: '登录', onTap: () => void go.tabs.logIn({ back: herePath() }) }
  return (
    <Page title="单位认证">
      <Card>
        <Empty icon="building-2" action={logIn}>
          登录后可以登记单位、提交认证。
        </Empty>
      </Card>
    </Page>
  )
}

function Own({ membership }: { membership: Membership }) {
  const { id } = membership.organisation
  const query = useQuery(identityEndpoints.getOrganisation, { id })
  const reason = whyNotAllowed('identity.submitVerification', {
    role: membership.role,
    duties: null,
  })
  const refresh = () => void query.refresh()
  return (
    <Page title="单位认证" onRefresh={query.refresh}>
      <State query={query}>
        {(organisation) => (
          <>
            <Standing organisation={organisation} reason={reason} onDone={refresh} />
            <Latest id={organisation.inner?.verificationId ?? null} />
          </>
        )}
      </State>
      <Credentials organisationId={id} reason={reason} />
      <Button
        id="register-another"
        kind="quiet"
        size="block"
        onTap={() => void go.identity.verifyOrganisation({ another: '1' })}
      >
        登记另一个单位
      </Button>
    </Page>
  )
}

type StandingProps = {
  organisation: OrganisationDetail
  /** Why this person may not submit; null: they may. */
  reason: ReturnType<typeof whyNotAllowed>
  onDone: () => void
}

function Standing({ organisation, reason, onDone }: StandingProps) {
  const [open, setOpen] = useState(false)
  const { verification, userKind } = organisation
  const waiting = verification === 'submitted'
  return (
    <Card
      title={organisation.name}
      extra={<Tag tone={verificationTones[verification]}>{verificationLabels[verification]}</Tag>}
    >
      <Cell
        title={<View className="num">{organisation.uscc}</View>}
        detail={[userKind === null ? null : userKindLabels[userKind], organisation.city]
          .filter(Boolean)
          .join(' · ')}
      />
      {verification === 'verified' ? null : (
        <Banner tone="warn">认证通过前可以查看仪器与价格，不能预约和使用创新券。</Banner>
      )}
      <ReasonButton
        id="verification-open"
        kind={verification === 'verified' || waiting ? 'secondary' : 'primary'}
        size="block"
        reason={waiting ? 'identity.verification_open' : reason}
        onTap={() => setOpen(true)}
      >
        {verification === 'verified' ? '变更登记信息' : '提交认证材料'}
      </ReasonButton>
      <VerificationSheet
        key={String(open)}
        organisation={open ? organisation : null}
        onClose={() => setOpen(false)}
        onDone={onDone}
      />
    </Card>
  )
}

function Latest({ id }: { id: string | null }) {
  const query = useQuery(identityEndpoints.getVerification, id === null ? null : { id })
  if (id === null || query.refusal?.status === 403) return null
  return (
    <Section title="最近一次申请">
      <State query={query}>
        {(verification) => <VerificationFacts verification={verification} />}
      </State>
    </Section>
  )
}

type CredentialsProps = {
  organisationId: string
  reason: ReturnType<typeof whyNotAllowed>
}

function Credentials({ organisationId, reason }: CredentialsProps) {
  const pages = usePages(identityEndpoints.listCredentials, {})
  const [open, setOpen] = useState(false)
  return (
    <Section
      title="资质与有效期"
      extra={
        <ReasonButton id="credential-open" icon="plus" reason={reason} onTap={() => setOpen(true)}>
          提交资质
        </ReasonButton>
      }
    >
      <State
        query={pages.query}
        isEmpty={(page) => page.rows.length === 0}
        empty={
          <Card>
            <Empty icon="badge-check">
              还没有资质。科技型中小企业入库登记被认可后，有效期内的服务可以使用创新券。
            </Empty>
          </Card>
        }
      >
        {(page) => <CredentialList rows={page.rows} />}
      </State>
      <More pages={pages} />
      <CredentialSheet
        key={String(open)}
        open={open}
        organisationId={organisationId}
        onClose={() => setOpen(false)}
        onDone={() => void pages.query.refresh()}
      />
    </Section>
  )
}
