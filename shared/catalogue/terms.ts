export const instrumentNatures = ['通用', '专用'] as const
export type InstrumentNature = (typeof instrumentNatures)[number]

export const institutionKindLabels: Record<string, string> = {
  institute: '研究院所',
  university: '高等院校',
  'test-centre': '检测中心',
  'private-lab': '社会检测机构',
  hospital: '医院',
  'agricultural-academy': '农业科学院',
}

/**
 * The search words of a text: bigrams of Chinese, whole latin words and model numbers, lower case.
 */
export function searchTokens(text: string): string[] {
  const tokens = new Set<string>()
  for (const [run] of text
    .toLowerCase()
    .normalize('NFKC')
    .matchAll(/\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{N}])+/gu)) {
    if (/\p{Script=Han}/u.test(run.charAt(0))) {
      const characters = Array.from(run)
      if (characters.length === 1) tokens.add(run)
      for (let i = 0; i + 1 < characters.length; i++)
        tokens.add(`${characters[i]}${characters[i + 1]}`)
    } else tokens.add(run)
  }
  return [...tokens]
}

/** What somebody is in the team of an instrument. */
export const positions = ['lead', 'member', 'substitute'] as const
export type Position = (typeof positions)[number]

export const positionLabels: Record<Position, string> = {
  lead: '负责人',
  member: '成员',
  substitute: '替补',
}

export const teamAlarmKinds = [
  'below-minimum',
  'duty-uncovered',
  'licence-expired',
  'licence-expiring',
] as const
export type TeamAlarmKind = (typeof teamAlarmKinds)[number]

export const teamAlarmLabels: Record<TeamAlarmKind, string> = {
  'below-minimum': '机组人数不足',
  'duty-uncovered': '开放时间无人值班',
  'licence-expired': '上机资质已过期',
  'licence-expiring': '上机资质即将到期',
}
