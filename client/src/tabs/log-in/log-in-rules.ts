const CODE_APART_SECONDS = 60

/** How many seconds until another code may be asked for; 0 when it may be now. */
export function secondsLeft(askedAt: Date | null, now: Date): number {
  if (askedAt === null) return 0
  const passed = Math.floor((now.getTime() - askedAt.getTime()) / 1000)
  return Math.max(0, CODE_APART_SECONDS - Math.max(0, passed))
}

/** What is wrong with a mobile number, in words; null when it is one. */
export function whyNotPhone(phone: string): string | null {
  return /^1[3-9]\d{9}$/.test(phone) ? null : '请输入 11 位手机号'
}
