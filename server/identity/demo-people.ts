/** The cast of the tour: one enterprise, one university, the voucher side, an auditor. */
export const demoPeople = {
  enterpriseMember: 'P0305',
  enterpriseAdmin: 'P0304',
  technician: 'P0152',
  institutionManager: 'P0001',
  institutionFinance: 'P0002',
  provinceAdministrator: 'P0442',
  provinceChecker: 'P0444',
  cityAdministrator: 'P0445',
  auditor: 'P0462',
  platformAdministrator: 'P0456',
  securityAdministrator: 'P0508',
} as const

export const demoEnterpriseUscc = '91140107MATEXT1088'
export const demoInstitutionUscc = '12140000TEXT0101XW'
/** 场发射扫描电子显微镜 Regulus 8230, open on weekdays, tended by the technician of the tour. */
export const demoInstrumentInnerId = '202100161'

/** Shown on the log-in page in this order. */
export const demoRoles: readonly { personId: string; task: string }[] = [
  {
    personId: demoPeople.enterpriseMember,
    task: '为新镁合金找一台扫描电镜，看价格和空档，用创新券预约并评价',
  },
  { personId: demoPeople.enterpriseAdmin, task: '查看本企业的额度与账单，提交兑付申请' },
  { personId: demoPeople.technician, task: '答复预约，扫码签到上机，填报机时与样品' },
  { personId: demoPeople.institutionManager, task: '看本校仪器的开放与收入，绑定企业的兑付申请' },
  { personId: demoPeople.institutionFinance, task: '开出账单，核对到账' },
  { personId: demoPeople.cityAdministrator, task: '初审太原市企业的兑付申请' },
  { personId: demoPeople.provinceAdministrator, task: '发布年度计划，审核、公示并组成兑付批次' },
  { personId: demoPeople.provinceChecker, task: '复核批次，导入银行回单，完成对账' },
  { personId: demoPeople.platformAdministrator, task: '受托审核单位认证与资质，查看核验提示' },
  { personId: demoPeople.securityAdministrator, task: '授予与撤销工作身份，委托职责给服务机构' },
  { personId: demoPeople.auditor, task: '从一笔付款追到上机记录' },
]
