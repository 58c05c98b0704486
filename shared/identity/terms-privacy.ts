// What a person agrees to, and what becomes of an account that is closed.

export const consentScopes = [
  'platform-terms',
  'privacy',
  'contact-sharing',
  'bank-account',
  'wechat',
] as const
export type ConsentScope = (typeof consentScopes)[number]

export const consentLabels: Record<ConsentScope, string> = {
  'platform-terms': '服务协议',
  privacy: '隐私政策',
  'contact-sharing': '向管理单位提供联系方式',
  'bank-account': '银行账户信息',
  wechat: '微信消息',
}

/** What it is needed for; what is not possible without it. */
export const consentUses: Record<ConsentScope, string> = {
  'platform-terms': '使用平台的前提',
  privacy: '使用平台的前提',
  'contact-sharing': '管理单位就您的预约与您联系；不同意时只能用平台消息沟通',
  'bank-account': '为单位提请收款账户；不同意时由单位其他人员提请',
  wechat: '用微信接收预约提醒；不同意时只在平台内提醒',
}

/** Without these there is no account: who takes them back closes it. */
export const accountScopes: readonly ConsentScope[] = ['platform-terms', 'privacy']

/** Asked for apart from everything else (个人信息保护法 23, 29). */
export const separateScopes: readonly ConsentScope[] = ['contact-sharing', 'bank-account']

/** Where a consent was given. */
export const consentChannels = ['h5', 'weapp'] as const
export type ConsentChannel = (typeof consentChannels)[number]

export const consentChannelLabels: Record<ConsentChannel, string> = {
  h5: '浏览器',
  weapp: '微信小程序',
}

/** For how long a closed account opens again by logging in. */
export const REOPEN_DAYS = 14
/** By when its personal data are gone: one day is left for the job that erases them. */
export const ERASED_WITHIN_DAYS = 15
/** 会计档案: accounting records and what explains them. */
export const BOOKKEEPING_YEARS = 10

/** Why somebody closes their account: a word for the statistics, no text that must be kept. */
export const closingReasons = [
  'not-needed',
  'changed-employer',
  'privacy',
  'hard-to-use',
  'other',
] as const
export type ClosingReason = (typeof closingReasons)[number]

export const closingReasonLabels: Record<ClosingReason, string> = {
  'not-needed': '不再需要',
  'changed-employer': '更换了单位',
  privacy: '担心个人信息',
  'hard-to-use': '不好用',
  other: '其他',
}

/** What a closed account's person types, so that nobody closes one by a slip. */
export const CLOSING_WORDS = '注销账号'
/** What stands in place of the name of an erased person. */
export const PSEUDONYM = '已注销用户'

export type Kept = {
  what: string
  /** Null: for ever. */
  years: number | null
  why: string
}

/** What stays after an account is closed, under the pseudonym. */
export const keptAfterClosing: readonly Kept[] = [
  {
    what: '预约、服务协议、上机记录、账单与到账、创新券兑付',
    years: BOOKKEEPING_YEARS,
    why: '会计档案与财政资金核查的保存要求',
  },
  {
    what: '预约中的消息',
    years: BOOKKEEPING_YEARS,
    why: '属于预约双方，署名改为“已注销用户”',
  },
  {
    what: '操作与审计记录（只有编号，没有姓名和手机号）',
    years: null,
    why: '安全审计的要求，不可删改',
  },
]

/** What is gone within `ERASED_WITHIN_DAYS`. */
export const erasedAfterClosing: readonly string[] = [
  '姓名、手机号、邮箱、职务',
  '微信绑定、动态口令',
  '同意记录、消息提醒、已读记录',
  '登录设备的名称',
]
