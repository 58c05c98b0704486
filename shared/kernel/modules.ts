/** The modules in dependency order: a module may use only those before it. `tidy` reads this. */
export const modules = [
  'identity',
  'catalogue',
  'charging',
  'notice',
  'voucher',
  'booking',
  'session',
  'demand',
  'redemption',
  'complaint',
  'evaluation',
  'duplicate-review',
  'message',
  'report',
  'exchange',
] as const

export type ModuleName = (typeof modules)[number]
