import type { Consent } from '@yiqi/shared/identity/endpoints-privacy.ts'

type Said = Pick<Consent, 'inForce' | 'givenVersion' | 'withdrawnAt'>

/** What the person said to one scope, in words: given, taken back, given to an older version. */
export function consentState({ inForce, givenVersion, withdrawnAt }: Said): {
  words: string
  tone: 'ok' | 'warn' | 'quiet'
} {
  if (inForce) return { words: '已同意', tone: 'ok' }
  if (givenVersion === null) return { words: '未同意', tone: 'quiet' }
  return withdrawnAt === null
    ? { words: '有新版本', tone: 'warn' }
    : { words: '已撤回', tone: 'quiet' }
}
