export type UsedInstrument = {
  institution: string
  instrument: string
  englishName: string | null
  model: string | null
  number: string
  bookingNumber: string
  technician: string | null
}

/**
 * The sentence for a paper or report, ready to copy; the policy obliges users to name the resource.
 */
export function acknowledgementSentence(used: UsedInstrument): { zh: string; en: string } {
  const model = used.model ? `型号 ${used.model}，` : ''
  const thanks = used.technician ? `，感谢${used.technician}的技术支持` : ''
  const modelEn = used.model ? `model ${used.model}, ` : ''
  return {
    zh: `本研究使用了${used.institution}的${used.instrument}（${model}平台编号 ${used.number}），经山西省科技资源开放共享平台预约（服务单号 ${used.bookingNumber}）${thanks}。`,
    en: `This work used the ${used.englishName ?? used.instrument} (${modelEn}platform no. ${used.number}) of ${used.institution}, booked through the Shanxi science and technology resource sharing platform (service record ${used.bookingNumber}).`,
  }
}
