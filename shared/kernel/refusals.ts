export type RefusalText = {
  status: 400 | 401 | 403 | 404 | 409 | 413 | 415 | 422 | 429 | 503
  zh: string
  en: string
  /** The world may change: trying again later can succeed. */
  transient?: true
}

const declare = <T extends Record<string, RefusalText>>(table: T): T => table

/** Every expected "no", once. Codes are part of the API: add, never rename. */
export const refusals = declare({
  invalid_input: {
    status: 400,
    zh: '填写有误，请检查标出的内容',
    en: 'Some fields are not valid.',
  },
  'kernel.not_json': {
    status: 400,
    zh: '请求内容不是有效的 JSON',
    en: 'The body is not valid JSON.',
  },
  'kernel.body_too_large': {
    status: 413,
    zh: '内容过大，超过 256 KB',
    en: 'The body is larger than allowed.',
  },
  'kernel.no_such_path': { status: 404, zh: '没有这个接口', en: 'There is no such endpoint.' },
  'kernel.key_malformed': {
    status: 400,
    zh: '幂等键须为 8–80 个字符',
    en: 'The idempotency key must have 8 to 80 characters.',
  },
  'kernel.key_reused': {
    status: 422,
    zh: '同一幂等键已用于不同内容的请求',
    en: 'This idempotency key was used with other content.',
  },
  'kernel.in_progress': {
    status: 409,
    zh: '同一请求正在处理，请稍候',
    en: 'The same request is being processed.',
    transient: true,
  },
  'kernel.outcome_unknown': {
    status: 503,
    zh: '结果未知，请用同一请求重试',
    en: 'The outcome is unknown; retry with the same key.',
    transient: true,
  },
  'kernel.busy': {
    status: 503,
    zh: '系统繁忙，请稍后重试',
    en: 'Too busy; try again soon.',
    transient: true,
  },
  'kernel.too_many': {
    status: 429,
    zh: '操作太频繁，请稍后再试',
    en: 'Too many requests.',
    transient: true,
  },
  'kernel.json_too_deep': {
    status: 400,
    zh: '提交的内容层次过深或项目过多',
    en: 'The JSON is too deep or too wide.',
  },
  'kernel.json_ambiguous': {
    status: 400,
    zh: '提交的内容中有重复的字段名',
    en: 'A key stands twice in one object.',
  },
  'kernel.content_type': {
    status: 415,
    zh: '提交的内容须为 JSON（content-type: application/json）',
    en: 'The body must be JSON.',
  },
  'kernel.origin_refused': {
    status: 403,
    zh: '不接受来自其他网站的请求',
    en: 'Requests from other sites are refused.',
  },
  'kernel.cursor_malformed': {
    status: 400,
    zh: '分页位置无效',
    en: 'The page cursor is not valid.',
  },
  'kernel.value_out_of_range': {
    status: 422,
    zh: '数值超出允许范围',
    en: 'A value is out of range.',
  },
  'kernel.not_multipart': {
    status: 400,
    zh: '上传内容须为 multipart/form-data 格式',
    en: 'The body is not valid multipart/form-data.',
  },
  'kernel.no_such_file': { status: 404, zh: '没有找到这个文件', en: 'No such file.' },
  'kernel.link_over': {
    status: 404,
    zh: '下载链接已失效，请重新打开',
    en: 'The link is used, too old or not yours.',
  },
  'kernel.file_too_large': {
    status: 413,
    zh: '文件过大，超过此处允许的大小',
    en: 'The file is larger than allowed here.',
  },
  'kernel.file_type_refused': {
    status: 422,
    zh: '此处不接受这种类型的文件',
    en: 'Files of this type are not taken here.',
  },
  'kernel.file_type_mismatch': {
    status: 422,
    zh: '文件内容与其扩展名不符',
    en: 'The content is not what the name says.',
  },
  'kernel.file_damaged': {
    status: 422,
    zh: '文件已损坏，或含有多余内容',
    en: 'The file is damaged or holds more than it should.',
  },
  'kernel.file_pixels': {
    status: 422,
    zh: '图片像素过多，请缩小后再上传',
    en: 'The picture has too many pixels.',
  },
  'kernel.file_archive_unsafe': {
    status: 422,
    zh: '文件内部结构不安全，未予接收',
    en: 'What is packed in the file is not safe.',
  },
  'kernel.file_infected': {
    status: 422,
    zh: '文件未通过病毒检查，未予接收',
    en: 'The virus scanner refused the file.',
  },
  'kernel.file_quarantined': {
    status: 409,
    zh: '文件尚在安全检查中，请稍后再试',
    en: 'The file is still being checked.',
    transient: true,
  },
  'kernel.file_quota': {
    status: 409,
    zh: '文件数量或总量已达上限，请先删除不用的文件',
    en: 'The limit of files is reached.',
  },

  'identity.not_logged_in': { status: 401, zh: '请先登录', en: 'Please log in.' },
  'identity.token_expired': {
    status: 401,
    zh: '登录已过期，请重新登录',
    en: 'The log-in has expired.',
  },
  'identity.role_missing': {
    status: 403,
    zh: '当前身份无权进行此操作',
    en: 'Your role may not do this.',
  },
  'identity.step_up_needed': {
    status: 403,
    zh: '此操作需要重新验证身份',
    en: 'This needs a fresh second factor.',
  },
  'identity.second_factor_needed': {
    status: 403,
    zh: '工作人员须先通过二次验证',
    en: 'Staff give a second factor first.',
  },
  'identity.not_delegated': {
    status: 403,
    zh: '未获授权：主管部门没有委托此项职责',
    en: 'The department has not delegated this duty.',
  },
  'identity.organisation_unverified': {
    status: 403,
    zh: '单位尚未通过认证，暂不能预约',
    en: 'Your organisation is not verified yet.',
  },
  'identity.no_such_log_in': { status: 404, zh: '没有这个登录', en: 'No such log-in.' },
  'identity.no_such_factor': { status: 404, zh: '没有这个二次验证', en: 'No such second factor.' },
  'identity.factor_blocked': {
    status: 429,
    zh: '验证失败次数过多，请 15 分钟后再试',
    en: 'Too many wrong codes; wait 15 minutes.',
  },
  'identity.code_limit': {
    status: 429,
    zh: '今日验证码发送次数已达上限，请稍后再试',
    en: 'The limit of codes is reached.',
  },
  'identity.wechat_off': { status: 404, zh: '未开通微信登录', en: 'WeChat log-in is off.' },
  'identity.wechat_code_bad': {
    status: 422,
    zh: '微信授权已失效，请重新授权',
    en: 'WeChat does not accept this code.',
  },
  'identity.wechat_blocked': {
    status: 403,
    zh: '微信提示该账号存在风险，暂不能用微信登录',
    en: 'WeChat blocks this account as high risk.',
  },
  'identity.wechat_busy': {
    status: 503,
    zh: '微信服务繁忙，请稍后重试',
    en: 'WeChat does not answer now; try again soon.',
    transient: true,
  },
  'identity.phone_needed': {
    status: 409,
    zh: '首次登录请授权手机号',
    en: 'The first time the phone number is needed.',
  },
  'identity.wechat_bound': {
    status: 409,
    zh: '该手机号已绑定另一个微信号',
    en: 'The number is bound to another WeChat account.',
  },
  'identity.export_too_large': {
    status: 422,
    zh: '导出范围过大，请缩短时间段',
    en: 'Too much for one export; choose a shorter time.',
  },
  'identity.demo_off': { status: 404, zh: '未开启演示模式', en: 'Demo mode is off.' },
  'identity.no_such_person': { status: 404, zh: '没有这个人员', en: 'No such person.' },
  'identity.no_such_organisation': { status: 404, zh: '没有这个单位', en: 'No such organisation.' },
  'identity.no_such_membership': { status: 404, zh: '没有这个身份', en: 'No such membership.' },
  'identity.code_wrong': {
    status: 422,
    zh: '验证码不正确或已失效',
    en: 'The code is wrong or has expired.',
  },
  'identity.code_too_soon': {
    status: 429,
    zh: '请求验证码过于频繁，请 60 秒后再试',
    en: 'Wait 60 seconds before asking again.',
    transient: true,
  },
  'identity.clock_backwards': {
    status: 422,
    zh: '演示时钟只能向前拨',
    en: 'The demo clock only moves forward.',
  },
  'identity.own_proposal': {
    status: 403,
    zh: '提交人不能办理自己的申请',
    en: 'Nobody decides on their own proposal.',
  },
  'identity.reason_missing': { status: 422, zh: '请说明理由', en: 'A reason is needed.' },
  'identity.findings_unseen': {
    status: 422,
    zh: '还有核验提示没有查看',
    en: 'Some warnings were not looked at.',
  },
  'identity.organisation_exists': {
    status: 409,
    zh: '该统一社会信用代码已有认证单位，请由其管理员邀请加入',
    en: 'An organisation with this code is verified.',
  },
  'identity.claims_waiting': {
    status: 409,
    zh: '您待认证的单位已达 5 个，请先完成认证',
    en: 'Too many of your claims wait.',
  },
  'identity.no_such_verification': {
    status: 404,
    zh: '没有这份认证申请',
    en: 'No such application.',
  },
  'identity.verification_open': {
    status: 409,
    zh: '已有一份认证申请正在审核',
    en: 'An application is open already.',
  },
  'identity.already_decided': {
    status: 409,
    zh: '已由他人办理，请刷新',
    en: 'It has been decided already.',
  },
  'identity.no_such_credential': { status: 404, zh: '没有这项资质', en: 'No such credential.' },
  'identity.credential_exists': {
    status: 409,
    zh: '该资质已提交过',
    en: 'This credential was submitted before.',
  },
  'identity.dates_reversed': {
    status: 422,
    zh: '截止日期早于起始日期',
    en: 'It ends before it begins.',
  },
  'identity.no_such_invitation': { status: 404, zh: '没有这个邀请', en: 'No such invitation.' },
  'identity.invitation_over': {
    status: 409,
    zh: '邀请已被使用、撤回或过期',
    en: 'The invitation is over.',
  },
  'identity.own_invitation': {
    status: 409,
    zh: '不能接受自己发出的邀请',
    en: 'This is your own invitation.',
  },
  'identity.already_member': {
    status: 409,
    zh: '已经是该单位的这一身份',
    en: 'The person has this role already.',
  },
  'identity.role_not_yours': {
    status: 403,
    zh: '您不能授予或撤销这个身份',
    en: 'You may not give or take this role.',
  },
  'identity.role_not_here': {
    status: 422,
    zh: '该单位没有这个身份',
    en: 'This organisation has no such role.',
  },
  'identity.last_administrator': {
    status: 409,
    zh: '这是最后一位管理员，请先指定接任者',
    en: 'The last administrator stays.',
  },
  'identity.administrators_apart': {
    status: 409,
    zh: '系统、安全、审计三类管理员不能由同一人担任',
    en: 'The three administrators are three people.',
  },
  'identity.no_such_account': { status: 404, zh: '没有这个收款账户', en: 'No such bank account.' },
  'identity.proposal_waiting': {
    status: 409,
    zh: '已有一个收款账户待复核，请先处理',
    en: 'Another account already waits for its check.',
  },
  'identity.checked_inside': {
    status: 403,
    zh: '该单位另有人员可以复核，请由本单位办理',
    en: 'Somebody of the organisation itself can check it.',
  },
  'identity.no_such_delegation': { status: 404, zh: '没有这项委托', en: 'No such delegation.' },
  'identity.delegation_exists': {
    status: 409,
    zh: '该职责已委托给这个机构',
    en: 'This duty is delegated to it already.',
  },
  'identity.not_a_service_centre': {
    status: 422,
    zh: '只能委托给运行服务机构',
    en: 'Only a service centre takes duties.',
  },
  'identity.notice_outdated': {
    status: 409,
    zh: '内容已更新，请阅读新版本后再同意',
    en: 'There is a newer version to read.',
  },
  'identity.consent_is_account': {
    status: 409,
    zh: '撤回此项即不再使用平台，请改为注销账号',
    en: 'Taking this back means closing the account.',
  },
  'identity.closing_unconfirmed': {
    status: 422,
    zh: '请输入“注销账号”以确认',
    en: 'The words of confirmation are missing.',
  },
  'identity.open_business': {
    status: 409,
    zh: '还有未完成的预约，请先取消或完成',
    en: 'There are live bookings.',
  },
  'identity.no_such_staff_record': {
    status: 404,
    zh: '没有这份人员登记，请先登记',
    en: 'No such staff record.',
  },
  'identity.no_such_training': { status: 404, zh: '没有这条培训记录', en: 'No such training.' },
  'identity.training_in_future': {
    status: 422,
    zh: '培训日期还没有到',
    en: 'The training has not been held yet.',
  },
  'identity.no_such_field': {
    status: 422,
    zh: '没有这个学科代码（GB/T 13745）',
    en: 'No such subject in GB/T 13745.',
  },
  'identity.demo_person_stays': {
    status: 409,
    zh: '演示人员由大家共用，不能注销',
    en: 'People of the demonstration cannot be closed.',
  },

  'catalogue.no_such_instrument': {
    status: 404,
    zh: '没有找到这台仪器',
    en: 'No such instrument.',
  },
  'catalogue.not_a_technician': {
    status: 422,
    zh: '此人不是本单位的机组人员',
    en: 'The person is no technician of the institution.',
  },
  'catalogue.not_in_team': {
    status: 422,
    zh: '此人不在这台仪器的机组',
    en: 'The person is not in the team of this instrument.',
  },
  'catalogue.no_such_member': {
    status: 404,
    zh: '机组里没有这个人',
    en: 'No such member of the team.',
  },
  'catalogue.lead_exists': {
    status: 409,
    zh: '该仪器已有机组负责人，请先改任',
    en: 'The instrument has a lead already.',
  },
  'catalogue.licence_without_number': {
    status: 422,
    zh: '请填写上机资质证号',
    en: 'A licence has a number.',
  },
  'catalogue.no_such_duty': { status: 404, zh: '没有这个值班', en: 'No such duty shift.' },
  'catalogue.duty_minutes': {
    status: 422,
    zh: '值班的结束时间须晚于开始时间',
    en: 'The shift ends before it begins.',
  },
  'catalogue.duty_in_past': {
    status: 422,
    zh: '过去的值班不能再改',
    en: 'Past duty stays as it was.',
  },
  'catalogue.duty_too_far': {
    status: 422,
    zh: '最多提前 92 天排班',
    en: 'Duty is planned at most 92 days ahead.',
  },
  'catalogue.duty_overlaps': {
    status: 409,
    zh: '此人在这段时间已有值班',
    en: 'The person is on duty elsewhere then.',
  },
  'catalogue.member_left': {
    status: 422,
    zh: '此人届时已离岗',
    en: 'The person will have left by then.',
  },
  'catalogue.code_unknown': {
    status: 404,
    zh: '没有这个仪器码，请核对贴纸上的 6 位短码',
    en: 'No instrument has this code.',
  },

  'charging.no_tariff': {
    status: 422,
    zh: '该仪器在所选日期没有有效的收费标准',
    en: 'No tariff is in force on that day.',
  },
  'charging.no_such_bill': { status: 404, zh: '没有这张账单', en: 'No such bill.' },
  'charging.bill_closed': {
    status: 409,
    zh: '账单已结清或已作废',
    en: 'The bill is already closed.',
  },
  'charging.amount_over_bill': {
    status: 422,
    zh: '到账金额超过账单未付金额',
    en: 'The receipt exceeds what is still due.',
  },
  'charging.receipt_duplicate': {
    status: 409,
    zh: '该流水号已登记到账',
    en: 'This transfer reference is already recorded.',
  },

  'notice.no_such_notice': { status: 404, zh: '没有这份告知书', en: 'No such notice.' },
  'notice.not_acknowledged': {
    status: 422,
    zh: '请先阅读并确认知识产权告知与服务协议',
    en: 'The notice has not been acknowledged.',
  },
  'notice.version_outdated': {
    status: 409,
    zh: '告知书已更新，请重新阅读后确认',
    en: 'The notice has a newer version.',
  },

  'voucher.no_such_quota': { status: 404, zh: '没有这个额度', en: 'No such quota.' },
  'voucher.no_such_programme': { status: 404, zh: '没有这个创新券计划', en: 'No such programme.' },
  'voucher.no_quota': {
    status: 422,
    zh: '本年度没有创新券额度',
    en: 'There is no quota for this year.',
  },
  'voucher.quota_too_low': {
    status: 409,
    zh: '创新券额度不足',
    en: 'The remaining quota is too low.',
  },
  'voucher.budget_too_low': {
    status: 409,
    zh: '计划预算余额不足',
    en: 'The programme budget is too low.',
  },
  'voucher.quota_over_cap': {
    status: 422,
    zh: '超过单个企业年度上限',
    en: "Above the enterprise's yearly cap.",
  },
  'voucher.service_not_eligible': {
    status: 422,
    zh: '该服务方式不在创新券支持范围',
    en: 'This service is not eligible.',
  },
  'voucher.enterprise_not_eligible': {
    status: 422,
    zh: '创新券只供入库登记有效的企业使用，本单位的登记缺失或已过期',
    en: 'The enterprise is not registered as eligible.',
  },
  'voucher.related_party': {
    status: 422,
    zh: '企业与服务机构存在关联关系，不能使用创新券',
    en: 'The enterprise and the institution are related parties.',
  },
  'voucher.programme_closed': {
    status: 422,
    zh: '创新券计划不在有效期内',
    en: 'The programme is not in force.',
  },
  'voucher.earmark_resolved': {
    status: 409,
    zh: '该笔预占已处理',
    en: 'The earmark has been resolved already.',
  },
  'voucher.no_such_issue': { status: 404, zh: '没有这张额度发放单', en: 'No such proposal.' },
  'voucher.issue_checked': {
    status: 409,
    zh: '这张发放单已复核，请刷新',
    en: 'The proposal has been checked already.',
  },
  'voucher.own_proposal': {
    status: 403,
    zh: '提请与发放不能是同一人，须由另一位管理员复核',
    en: 'Who proposed it cannot check it.',
  },
  'voucher.immutable': { status: 409, zh: '账务记录不可修改', en: 'Ledger rows never change.' },

  'booking.no_such_booking': { status: 404, zh: '没有找到这个预约', en: 'No such booking.' },
  'booking.slot_taken': {
    status: 409,
    zh: '该时段刚被预约，请换一个时段',
    en: 'The slot has just been taken.',
    transient: true,
  },
  'booking.slot_in_past': { status: 422, zh: '该时段已过去', en: 'The slot is in the past.' },
  'booking.slot_malformed': {
    status: 422,
    zh: '结束时间须晚于开始时间',
    en: 'The slot must end after it starts.',
  },
  'booking.slot_too_soon': {
    status: 422,
    zh: '已过该仪器的最晚预约时间',
    en: 'Too late to book this slot.',
  },
  'booking.slot_too_far': {
    status: 422,
    zh: '超出可预约的日期范围',
    en: 'Beyond the booking horizon.',
  },
  'booking.slot_too_short': {
    status: 422,
    zh: '短于最短预约时长',
    en: 'Shorter than the minimum.',
  },
  'booking.slot_too_long': { status: 422, zh: '超过单次最长时长', en: 'Longer than the maximum.' },
  'booking.slot_off_grid': {
    status: 422,
    zh: '开始或结束时间不在时段格上',
    en: 'The slot is off the grid.',
  },
  'booking.outside_open_hours': { status: 422, zh: '不在开放时间内', en: 'Outside open hours.' },
  'booking.instrument_closed': {
    status: 422,
    zh: '该仪器暂停开放预约',
    en: 'The instrument takes no bookings.',
  },
  'booking.in_outage': {
    status: 422,
    zh: '该时段停机维护',
    en: 'The instrument is out of service then.',
  },
  'booking.hold_lapsed': {
    status: 409,
    zh: '保留已超过 10 分钟，请重新选择时段',
    en: 'The hold has lapsed.',
  },
  'booking.quote_changed': {
    status: 409,
    zh: '价格或创新券额度有变，请核对后重新提交',
    en: 'Price or quota changed; please review.',
  },
  'booking.wrong_state': {
    status: 409,
    zh: '预约状态已变化，请刷新后再试',
    en: 'The booking is in another state now.',
  },
  'booking.too_many_holds': {
    status: 429,
    zh: '同时保留的时段过多，请先提交或放弃',
    en: 'Too many slots on hold.',
    transient: true,
  },
  'booking.outage_clashes': {
    status: 409,
    zh: '停机时段内有正在进行的服务',
    en: 'A session is running in that time.',
  },
  'booking.no_such_outage': { status: 404, zh: '没有这个停机记录', en: 'No such outage.' },
  'booking.no_such_beneficiary': {
    status: 404,
    zh: '本单位没有这位可预约的同事',
    en: 'No such colleague who books.',
  },
  'booking.own_spending': {
    status: 403,
    zh: '不能批准自己的支出，须由本单位另一位管理员办理',
    en: 'Nobody decides on their own spending.',
  },
  'booking.approval_over': {
    status: 409,
    zh: '已过批准时限，预约即将失效',
    en: 'The time for approval is over.',
  },

  'session.no_such_session': { status: 404, zh: '没有找到这次服务', en: 'No such session.' },
  'session.nothing_to_start': {
    status: 422,
    zh: '这台仪器现在没有可签到的预约',
    en: 'There is no booking to check in now.',
  },
  'session.too_early': {
    status: 422,
    zh: '还未到签到时间（开始前 15 分钟起）',
    en: 'Check-in opens 15 minutes before.',
  },
  'session.too_late': {
    status: 422,
    zh: '已超过签到时间（预约时段已结束）',
    en: 'The booked slot is over.',
  },
  'session.instrument_busy': {
    status: 409,
    zh: '这台仪器正在进行另一次服务',
    en: 'Another session is running on it.',
  },
  'session.wrong_state': {
    status: 409,
    zh: '服务状态已变化，请刷新后再试',
    en: 'The session is in another state now.',
  },
  'session.minutes_impossible': {
    status: 422,
    zh: '有效分钟数不能超过实际用时',
    en: 'More effective minutes than passed.',
  },
  'session.times_overlap': {
    status: 409,
    zh: '实际用时与另一次服务重叠',
    en: 'Actual times overlap another session.',
  },
  'session.hand_over_missing': {
    status: 422,
    zh: '请先确认数据移交、样品与仪器电脑清理',
    en: 'Confirm hand-over, samples and the PC.',
  },
  'session.above_quote': {
    status: 422,
    zh: '实际费用高于报价，需付款方同意后才能确认',
    en: 'Above the quote: consent is needed.',
  },

  'redemption.no_such_claim': { status: 404, zh: '没有这张兑付申请', en: 'No such claim.' },
  'redemption.not_claimable': {
    status: 422,
    zh: '这次服务暂不能申报兑付',
    en: 'This session cannot be claimed yet.',
  },
  'redemption.already_claimed': {
    status: 409,
    zh: '这次服务已申报',
    en: 'This session is claimed already.',
  },
  'redemption.findings_stop': {
    status: 422,
    zh: '自动核验未通过，不能提交',
    en: 'Automatic checks stop this claim.',
  },
  'redemption.wrong_state': {
    status: 409,
    zh: '申请状态已变化，请刷新后再试',
    en: 'The claim is in another state now.',
  },
  'redemption.no_such_batch': { status: 404, zh: '没有这个兑付批次', en: 'No such batch.' },
  'redemption.batch_wrong_state': {
    status: 409,
    zh: '批次状态已变化，请刷新后再试',
    en: 'The batch is in another state now.',
  },
  'redemption.batch_empty': {
    status: 422,
    zh: '没有可入批的申请',
    en: 'No claims are ready for a batch.',
  },
  'redemption.in_publicity': {
    status: 422,
    zh: '公示期未满',
    en: 'The publicity period is not over.',
  },
  'redemption.file_malformed': {
    status: 422,
    zh: '银行回单格式不符，请核对表头与列',
    en: 'The bank file is not in the expected form.',
  },
  'redemption.line_unknown': {
    status: 422,
    zh: '银行回单中有不属于本批次的付款编号',
    en: 'The file names a payment of another batch.',
  },
  'redemption.not_zero': {
    status: 409,
    zh: '仍有未说明的差额，不能完成对账',
    en: 'Unexplained differences remain.',
  },
  'redemption.nothing_to_explain': {
    status: 409,
    zh: '这笔付款没有差额',
    en: 'This payment shows no difference.',
  },
  'redemption.own_batch': {
    status: 403,
    zh: '编制与批准、批准与拨付不能是同一人',
    en: 'Who composed or approved the batch cannot do this.',
  },
  'redemption.second_approver': {
    status: 403,
    zh: '您已批准，须由另一人再次批准',
    en: 'You have approved it; somebody else must too.',
  },
  'redemption.approval_missing': {
    status: 409,
    zh: '批准人数不足，或批次内容与批准时不同',
    en: 'Approvals of this content are missing.',
  },
  'redemption.batch_changed': {
    status: 409,
    zh: '批次内容在批准后有变动，原批准作废，请先核查',
    en: 'The batch is not what was approved.',
  },
  'redemption.own_explanation': {
    status: 403,
    zh: '说明差额与完成对账不能是同一人',
    en: 'Who explained a difference cannot reconcile.',
  },
  'redemption.same_person': {
    status: 403,
    zh: '经办与复核不能是同一人',
    en: 'Maker and checker must differ.',
  },

  'message.not_a_party': { status: 404, zh: '没有找到这个会话', en: 'No such conversation.' },
})

export type RefusalCode = keyof typeof refusals

export function isRefusalCode(code: string): code is RefusalCode {
  return Object.hasOwn(refusals, code)
}

/** The only class of the project: an expected "no", thrown by a verb and answered by its code. */
export class Refusal extends Error {
  readonly code: RefusalCode
  readonly issues: Issue[]

  constructor(code: RefusalCode, issues: Issue[] = []) {
    super(code)
    this.code = code
    this.issues = issues
  }
}

/** Which field, and what is wrong with it, in words. */
export type Issue = { path: string; message: string }

/** What an error answer looks like on the wire. */
export type ErrorBody = { code: string; message: string; issues?: Issue[]; requestId?: string }

export function refuseIf(code: RefusalCode | null): void {
  if (code !== null) throw new Refusal(code)
}
