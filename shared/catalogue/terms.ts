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
