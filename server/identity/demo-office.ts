import { must } from '@yiqi/shared/kernel/assert.ts'
import { addDays, dateOf } from '@yiqi/shared/kernel/time.ts'
import type { Ctx, Member } from '../kernel/ctx.ts'
import { demoPeople } from './demo-people.ts'
import { grantDelegation } from './grant-delegation.ts'
import { personOfPhone } from './open-person.ts'
import { registerOrganisation } from './register-organisation.ts'
import { submitVerification } from './submit-verification.ts'

const DUTIES = ['verification', 'catalogue'] as const
const APPLICANT = { phone: '13900000509', name: '晋小满' }
const nothingRemembered = { logIns: { forget: () => {} } }

/**
 * The office of the demonstration and its service centre, to which duties are delegated; and one
 * enterprise that waits to be verified, with a code that fails its check.
 */
export async function loadDemoOffice(ctx: Ctx): Promise<void> {
  const officer = await memberOf(ctx, demoPeople.platformAdministrator)
  const security = await memberOf(ctx, demoPeople.securityAdministrator)
  await ctx.sql`
    update organisations set department_kind = 'service-centre'
    where id = ${officer.organisationId}`
  const since = `${dateOf(ctx.now()).slice(0, 4)}-01-01`
  for (const duty of DUTIES)
    await grantDelegation(
      { ...ctx, actor: security },
      {
        duty,
        toId: officer.organisationId,
        document: '晋科办委托〔示例〕1 号',
        validFrom: since,
        validTo: addDays(since, 3 * 365),
      },
    )
  await addApplicant(ctx)
}

async function addApplicant(ctx: Ctx): Promise<void> {
  const { userId } = await personOfPhone(ctx, APPLICANT.phone)
  await ctx.sql`update users set name = ${APPLICANT.name} where id = ${userId}`
  const person = { userId, logInId: null, strongAt: null }
  const {
    id: membershipId,
    role,
    organisation,
  } = await registerOrganisation(
    { ...ctx, actor: { kind: 'person', ...person } },
    {
      name: '太原示例光谱科技有限公司',
      uscc: '91140100MA0TEXT13X',
      userKind: 'enterprise',
      city: '太原市',
      address: '山西省太原市小店区示例街 8 号',
      legalRepresentative: APPLICANT.name,
      size: '微型',
    },
    nothingRemembered,
  )
  const actor: Member = {
    kind: 'member',
    ...person,
    membershipId,
    role,
    organisationId: organisation.id,
    duties: null,
  }
  const year = dateOf(ctx.now()).slice(0, 4)
  await submitVerification(
    { ...ctx, actor },
    {
      id: organisation.id,
      legalRepresentative: APPLICANT.name,
      shareholders: [{ name: APPLICANT.name, percent: 100 }],
      credentials: [
        {
          kind: 'tech-sme',
          number: `${year}14010508990001`,
          validFrom: `${year}-01-01`,
          validTo: `${year}-12-31`,
        },
      ],
    },
  )
}

async function memberOf(ctx: Ctx, personId: string): Promise<Member> {
  const [row] = await ctx.sql<
    Pick<Member, 'userId' | 'membershipId' | 'organisationId' | 'role'>[]
  >`
    select m.user_id, m.id as membership_id, m.organisation_id, m.role
    from memberships m join users u on u.id = m.user_id where u.person_id = ${personId}`
  const strongAt = new Date(Date.now()) // a second factor is young in real time
  return { kind: 'member', ...must(row, personId), logInId: null, strongAt, duties: null }
}
