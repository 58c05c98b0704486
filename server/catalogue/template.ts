// The national template for single instruments: sheet 大型科研仪器, group names in row 1, column
// names in row 2, data from row 3. The headers are verbatim; they are compared by `headerKey`.

export const SHEET = '大型科研仪器'

export const columns = [
  { field: 'managementNumber', header: '仪器编号（（必填，管理系统中的关联仪器编号））' },
  { field: 'innerId', header: '所在单位仪器编号' },
  { field: 'name', header: '仪器设备名称' },
  { field: 'englishName', header: '英文名称' },
  {
    field: 'belongsType',
    header:
      '所属资源载体类型（选择附属于重大科研基础设施、附属于科学仪器中心、附属于国家重点实验室、附属于国家工程技术研究中心、附属于生物种质资源库馆中的一个按全称填写，没有请空缺不填）',
  },
  {
    field: 'belongsName',
    header:
      '所属资源载体内部编号（所属资源载体类型填写重大科研基础设施、科学仪器中心时，填写所属资源载体内部编号，其他填写名称，没有请空缺不填）',
  },
  { field: 'department', header: '所属单位内部门' },
  { field: 'classCode', header: '仪器分类编码' },
  { field: 'source', header: '设备仪器来源（购置、研制、赠送、其他）' },
  { field: 'customs', header: '是否在海关监管年限内（是/否）' },
  { field: 'worth', header: '原值（单位万元、保留小数点后两位）' },
  { field: 'nation', header: '产地国别' },
  { field: 'manufacturer', header: '生产制造商' },
  { field: 'accountedOn', header: '建账日期（例：2016-01-01）' },
  { field: 'nature', header: '仪器设备类别（通用/专用）' },
  { field: 'model', header: '规格型号' },
  { field: 'technical', header: '主要技术指标（最多500字）' },
  { field: 'functions', header: '主要功能（最多300字）' },
  { field: 'disciplines', header: '主要学科领域（如有多个，用逗号分隔，最多填写4个）' },
  {
    field: 'funds',
    header:
      '主要购置经费来源（中央财政资金、地方财政资金、单位自有资金、其他资金，如有多个，用逗号分隔，最多填写4个）',
  },
  { field: 'serviceContent', header: '服务内容（分析测试项目等）（最多200字）' },
  { field: 'image', header: '图片（仪器图片的文件名称，jpg格式、1M以内大小）' },
  { field: 'runningHours', header: '年运行机时（小时）' },
  { field: 'userNotice', header: '用户须知（最多500字）' },
  { field: 'feeText', header: '参考收费标准（最多500字）' },
  { field: 'serviceUrl', header: '预约服务网址' },
  { field: 'province', header: '安放地址-省' },
  { field: 'city', header: '安放地址-市' },
  { field: 'county', header: '安放地址-区县' },
  { field: 'street', header: '安放地址-街道（乡镇）' },
  { field: 'externalHours', header: '年对外服务机时（小时）' },
  { field: 'contactName', header: '联系人' },
  { field: 'contactPhone', header: '电话' },
  { field: 'contactEmail', header: '电子邮箱' },
  { field: 'contactAddress', header: '通讯地址' },
  { field: 'contactPostcode', header: '邮政编码' },
  { field: 'customsDeclaration', header: '进口报关单编号（18位）' },
  { field: 'customsItem', header: '进口报关单项号（2位数字）' },
  { field: 'customsReleasedOn', header: '海关放行日期（例：2016-01-01）' },
  { field: 'customsName', header: '仪器设备在进口报关单上的名称' },
] as const
export type Field = (typeof columns)[number]['field']

/** What the law of the form says about each text, in characters (code points). */
export const limits: Partial<Record<Field, number>> = {
  managementNumber: 150,
  innerId: 150,
  name: 100,
  englishName: 100,
  belongsName: 150,
  department: 150,
  manufacturer: 50,
  model: 100,
  technical: 500,
  functions: 300,
  serviceContent: 200,
  image: 150,
  userNotice: 500,
  feeText: 500,
  serviceUrl: 100,
  street: 100,
  contactName: 20,
  contactPhone: 20,
  contactEmail: 50,
  contactAddress: 100,
  customsName: 30,
}

export const requiredFields: readonly Field[] = [
  'managementNumber',
  'innerId',
  'name',
  'classCode',
  'source',
  'customs',
  'worth',
  'nation',
  'manufacturer',
  'accountedOn',
  'nature',
  'model',
  'technical',
  'functions',
  'disciplines',
  'funds',
  'serviceContent',
  'userNotice',
  'province',
  'city',
  'county',
  'street',
  'contactName',
  'contactPhone',
]

export const customsFields: readonly Field[] = [
  'customsDeclaration',
  'customsItem',
  'customsReleasedOn',
  'customsName',
]

export const sources = ['购置', '研制', '赠送', '其他'] as const
export const funds = ['中央财政资金', '地方财政资金', '单位自有资金', '其他资金'] as const
export const belongsTypes = [
  '附属于重大科研基础设施',
  '附属于科学仪器中心',
  '附属于国家重点实验室',
  '附属于国家工程技术研究中心',
  '附属于生物种质资源库馆',
] as const
export const PROVINCE = '山西省'
export const DISCIPLINES_MAX = 4
export const FUNDS_MAX = 4

/** 1 for the first column. */
export function columnOf(field: Field): number {
  return columns.findIndex((column) => column.field === field) + 1
}

/**
 * What is compared of a header: the words before the first bracket, in half width and without
 * blanks. The notes in brackets differ between editions of the template; the words are all
 * distinct.
 */
export function headerKey(text: string): string {
  const words = text.normalize('NFKC').replace(/\s+/g, '')
  return words.split('(')[0] ?? ''
}
