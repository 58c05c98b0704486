// The words of verification, credentials and invitations.

/** What an organisation is eligible by (国科发政〔2017〕115号 and the like). */
export const credentialKinds = ['tech-sme', 'high-tech', 'incubated', 'other'] as const
export type CredentialKind = (typeof credentialKinds)[number]

export const credentialLabels: Record<CredentialKind, string> = {
  'tech-sme': '科技型中小企业入库登记',
  'high-tech': '高新技术企业证书',
  incubated: '在孵企业证明',
  other: '其他资质',
}

/** What works only while such a credential is valid; null: nothing on this platform. */
export const credentialUses: Record<CredentialKind, string | null> = {
  'tech-sme': '不能再用创新券预约，服务日在此之后的预约不予兑付',
  'high-tech': null,
  incubated: null,
  other: null,
}

export const credentialStates = ['submitted', 'accepted', 'refused'] as const
export type CredentialState = (typeof credentialStates)[number]

export const credentialStateLabels: Record<CredentialState, string> = {
  submitted: '待核实',
  accepted: '已认可',
  refused: '未认可',
}

/** The kind that vouchers ask for. */
export const VOUCHER_CREDENTIAL: CredentialKind = 'tech-sme'

/** What the automatic checks say of an application; each is looked at by a person. */
export const verificationFindings = [
  'uscc-charset',
  'uscc-check',
  'uscc-body',
  'uscc-registrar',
  'uscc-region',
  'uscc-claimed',
  'name-taken',
  'licence-missing',
  'shareholders-missing',
  'shares-over-whole',
] as const
export type VerificationFinding = (typeof verificationFindings)[number]

export const findingLabels: Record<VerificationFinding, string> = {
  'uscc-charset': '信用代码含有编码规则不用的字母，请对照执照',
  'uscc-check': '信用代码末位校验不符，请对照执照',
  'uscc-body': '主体标识码校验不符（第 9–17 位），请对照执照',
  'uscc-registrar': '登记管理部门与所选单位类型不一致',
  'uscc-region': '登记机关不在本省',
  'uscc-claimed': '另有申请使用同一信用代码',
  'name-taken': '已有同名的认证单位，信用代码不同',
  'licence-missing': '未上传执照扫描件',
  'shareholders-missing': '未填写股东，无法核对关联关系',
  'shares-over-whole': '股东出资比例合计超过 100%',
}

/** 划型 (工信部联企业〔2011〕300号). */
export const organisationSizes = ['微型', '小型', '中型', '大型'] as const

export const invitationStates = ['waiting', 'accepted', 'revoked', 'over'] as const
export type InvitationState = (typeof invitationStates)[number]

export const invitationStateLabels: Record<InvitationState, string> = {
  waiting: '待接受',
  accepted: '已加入',
  revoked: '已撤回',
  over: '已过期',
}
