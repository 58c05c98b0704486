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
  auditor: '审计',
  hr: '人事',
}

export const enterpriseRoles = ['enterprise-member', 'enterprise-admin'] as const
export const institutionRoles = [
  'technician',
  'institution-manager',
  'institution-finance',
] as const
export const voucherRoles = [
  'voucher-administrator-city',
  'voucher-administrator-province',
] as const

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
