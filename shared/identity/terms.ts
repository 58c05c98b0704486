export const roles = [
  'enterprise-member',
  'enterprise-admin',
  'technician',
  'institution-manager',
  'institution-finance',
  'voucher-administrator-city',
  'voucher-administrator-province',
  'platform-administrator',
  'supervising-department',
  'expert',
  'third-party-assessor',
  'auditor',
  'hr',
  'unit-member',
  'unit-admin',
  'finance-department',
  'security-administrator',
] as const
export type Role = (typeof roles)[number]

export const roleLabels: Record<Role, string> = {
  'enterprise-member': '企业经办人',
  'enterprise-admin': '企业管理员',
  technician: '机组人员',
  'institution-manager': '管理单位',
  'institution-finance': '单位财务',
  'voucher-administrator-city': '市创新券管理员',
  'voucher-administrator-province': '省创新券管理员',
  'platform-administrator': '平台管理员',
  'supervising-department': '主管部门',
  expert: '评议专家',
  'third-party-assessor': '第三方评估',
  auditor: '审计管理员',
  hr: '人事',
  'unit-member': '单位经办人',
  'unit-admin': '单位管理员',
  'finance-department': '财政部门',
  'security-administrator': '安全管理员',
}

/** Those of an enterprise, which may hold quotas and claim. */
export const enterpriseRoles = ['enterprise-member', 'enterprise-admin'] as const
/** All who book: of enterprises, and of universities, institutes and social organisations. */
export const bookingRoles = [...enterpriseRoles, 'unit-member', 'unit-admin'] as const
/** The administrators of an organisation's people and limits. */
export const adminRoles = ['enterprise-admin', 'unit-admin', 'institution-manager'] as const
/**
 * 三员分立: of system, security and audit administrators nobody is two (GB/T 22239-2019 8.1.5).
 */
export const separateRoles = [
  'platform-administrator',
  'security-administrator',
  'auditor',
] as const satisfies readonly Role[]
export const institutionRoles = [
  'technician',
  'institution-manager',
  'institution-finance',
] as const
export const voucherRoles = [
  'voucher-administrator-city',
  'voucher-administrator-province',
] as const

/** Everybody who acts for the public side or serves others: logs in with a second factor. */
export function isStaff(role: Role): boolean {
  return !bookingRoles.some((each) => each === role)
}

/** Role families: what the client's tabs and rail are chosen by. */
export const roleFamilies = [
  'visitor',
  'enterprise',
  'technician',
  'institution',
  'finance',
  'voucher',
  'other',
] as const
export type RoleFamily = (typeof roleFamilies)[number]

export function familyOf(role: Role | null): RoleFamily {
  switch (role) {
    case null:
      return 'visitor'
    case 'enterprise-member':
    case 'enterprise-admin':
    case 'unit-member':
    case 'unit-admin':
      return 'enterprise'
    case 'technician':
      return 'technician'
    case 'institution-manager':
      return 'institution'
    case 'institution-finance':
      return 'finance'
    case 'voucher-administrator-city':
    case 'voucher-administrator-province':
      return 'voucher'
    default:
      return 'other'
  }
}

export const organisationKinds = ['enterprise', 'institution', 'department'] as const
export type OrganisationKind = (typeof organisationKinds)[number]

/** 用户四类: who may book (晋科发〔2024〕 一(一)). Only enterprises may be eligible for vouchers. */
export const userKinds = ['enterprise', 'university', 'institute', 'social-organisation'] as const
export type UserKind = (typeof userKinds)[number]

export const userKindLabels: Record<UserKind, string> = {
  enterprise: '企业',
  university: '高等学校',
  institute: '科研院所',
  'social-organisation': '社会研发组织',
}

export const departmentKinds = [
  'province-department',
  'province-office',
  'service-centre',
  'supervising-department',
  'finance-department',
  'voucher-office-city',
  'voucher-office-province',
  'third-party-assessor',
  'audit',
] as const
export type DepartmentKind = (typeof departmentKinds)[number]

export const departmentKindLabels: Record<DepartmentKind, string> = {
  'province-department': '省科技主管部门',
  'province-office': '领导小组办公室',
  'service-centre': '运行服务机构',
  'supervising-department': '主管部门',
  'finance-department': '财政部门',
  'voucher-office-city': '市创新券管理机构',
  'voucher-office-province': '省创新券管理机构',
  'third-party-assessor': '第三方评估机构',
  audit: '审计部门',
}

export const verificationStates = ['unverified', 'submitted', 'verified', 'refused'] as const
export type VerificationState = (typeof verificationStates)[number]

export const verificationLabels: Record<VerificationState, string> = {
  unverified: '未认证',
  submitted: '审核中',
  verified: '已认证',
  refused: '未通过',
}

export const bankAccountStates = ['proposed', 'in_use', 'refused', 'replaced'] as const
export type BankAccountState = (typeof bankAccountStates)[number]

export const bankAccountLabels: Record<BankAccountState, string> = {
  proposed: '待复核',
  in_use: '使用中',
  refused: '已退回',
  replaced: '已停用',
}

/** Who may check where their organisation is paid. */
export const accountCheckers = [
  'institution-manager',
  'institution-finance',
  'enterprise-admin',
  'unit-admin',
] as const satisfies readonly Role[]

export const logInChannels = ['h5', 'weapp', 'demo'] as const
export type LogInChannel = (typeof logInChannels)[number]

export const logInChannelLabels: Record<LogInChannel, string> = {
  h5: '浏览器',
  weapp: '微信小程序',
  demo: '演示',
}

export const factorKinds = ['totp'] as const
export type FactorKind = (typeof factorKinds)[number]

/** The eleven cities, by GB/T 2260 code. */
export const cities = {
  '140100': '太原市',
  '140200': '大同市',
  '140300': '阳泉市',
  '140400': '长治市',
  '140500': '晋城市',
  '140600': '朔州市',
  '140700': '晋中市',
  '140800': '运城市',
  '140900': '忻州市',
  '141000': '临汾市',
  '141100': '吕梁市',
} as const
export type CityCode = keyof typeof cities

/** 138****8000: what others see of a phone number. */
export function maskPhone(phone: string): string {
  return phone.length < 7 ? '****' : `${phone.slice(0, 3)}****${phone.slice(-4)}`
}
