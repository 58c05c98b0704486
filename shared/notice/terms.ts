/** Who works at the instrument, which decides whose the results are. */
export const serviceModes = ['self-operated', 'operated', 'entrusted', 'remote'] as const
export type ServiceMode = (typeof serviceModes)[number]

export const serviceModeLabels: Record<ServiceMode, string> = {
  'self-operated': '自主上机',
  operated: '技术员操作',
  entrusted: '送样委托',
  remote: '远程',
}

/** When a notice is acknowledged, and by whom. */
export const noticeStages = ['booking', 'confirmation', 'finish'] as const
export type NoticeStage = (typeof noticeStages)[number]

export const noticeStageLabels: Record<NoticeStage, string> = {
  booking: '企业预约时签收',
  confirmation: '机组确认时签收',
  finish: '服务结束时签收',
}

export const confidentialities = ['open', 'normal', 'confidential'] as const
export type Confidentiality = (typeof confidentialities)[number]

export const confidentialityLabels: Record<Confidentiality, string> = {
  open: '公开',
  normal: '一般',
  confidential: '保密',
}

/** The six matters that every service agreement must settle (国科发基〔2017〕289号, article 13). */
export const sixMatters = [
  'content',
  'ownership',
  'secrecy',
  'damages',
  'breach',
  'disputes',
] as const
export type Matter = (typeof sixMatters)[number]

export const matterLabels: Record<Matter, string> = {
  content: '服务内容',
  ownership: '知识产权归属',
  secrecy: '保密要求',
  damages: '损害赔偿',
  breach: '违约责任',
  disputes: '争议处理',
}

/** The service modes a person may choose today; remote comes with its own gate. */
export const bookableModes = [
  'self-operated',
  'operated',
  'entrusted',
] as const satisfies readonly ServiceMode[]
