/**
 * Every page by module, in the order of the site map. `desk-` pages are wide-screen pages, built
 * for H5 only.
 */
export const pagesByModule = {
  identity: [
    'settings',
    'devices',
    'privacy',
    'bank-account',
    'desk-audit',
    'verify-organisation',
    'members',
    'join',
    'desk-organisations',
    'technicians',
  ],
  catalogue: ['find-instrument', 'instrument'],
  charging: ['desk-receipts'],
  notice: ['privacy-receipts', 'verify-document'],
  voucher: ['quota', 'ledger', 'desk-programmes'],
  booking: ['find-slot', 'request-booking', 'booking', 'declare-outage'],
  session: ['run-session', 'session-record'],
  redemption: ['open-claim', 'claim', 'desk-reconciliation'],
} as const

export const tabPages = ['home', 'schedule', 'inbox', 'me', 'scan', 'log-in'] as const

export type Params = Record<string, string | number | boolean | null | undefined>

/**
 * The path of a module's page, the same on H5 and in the mini-program:
 * `/booking/booking/index?id=…`.
 */
export function pathOf(module: string, page: string, params: Params = {}): string {
  return `/${module}/${page}/index${queryOf(params)}`
}

/** `?a=1&b=2` of what is there; '' when nothing is. */
export function queryOf(params: Params): string {
  const pairs = Object.entries(params)
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}

/**
 * What a search is made of; all of it stands in the address, so that it can be shared and reloaded.
 */
export type FindParams = {
  q?: string
  kind?: string
  cityCode?: string
  classCode?: string
  /** `1`: only with free time this week. */
  free?: string
  /** `1`: only where a voucher may be used. */
  voucher?: string
}

/** Builds every path of the application; a snapshot of it is the site map. */
export const paths = {
  tabs: {
    home: (params: { tab?: string } = {}) => pathOf('tabs', 'home', params),
    logIn: (params: { back?: string } = {}) => pathOf('tabs', 'log-in', params),
    scan: (params: { kind?: string; code?: string } = {}) => pathOf('tabs', 'scan', params),
  },
  identity: {
    settings: () => pathOf('identity', 'settings'),
    devices: () => pathOf('identity', 'devices'),
    verifyOrganisation: (params: { another?: string } = {}) =>
      pathOf('identity', 'verify-organisation', params),
    members: () => pathOf('identity', 'members'),
    join: (params: { code?: string } = {}) => pathOf('identity', 'join', params),
    deskOrganisations: () => pathOf('identity', 'desk-organisations'),
    privacy: () => pathOf('identity', 'privacy'),
    deskAudit: () => pathOf('identity', 'desk-audit'),
    bankAccount: () => pathOf('identity', 'bank-account'),
    technicians: () => pathOf('identity', 'technicians'),
  },
  catalogue: {
    findInstrument: (params: FindParams = {}) => pathOf('catalogue', 'find-instrument', params),
    instrument: (params: { id: string; day?: string; startsAt?: string; endsAt?: string }) =>
      pathOf('catalogue', 'instrument', params),
  },
  charging: {
    deskReceipts: () => pathOf('charging', 'desk-receipts'),
  },
  notice: {
    privacyReceipts: () => pathOf('notice', 'privacy-receipts'),
    verifyDocument: (params: { code?: string } = {}) => pathOf('notice', 'verify-document', params),
  },
  voucher: {
    quota: (params: { id?: string } = {}) => pathOf('voucher', 'quota', params),
    ledger: (params: { id: string }) => pathOf('voucher', 'ledger', params),
    deskProgrammes: () => pathOf('voucher', 'desk-programmes'),
  },
  booking: {
    findSlot: (params: { kind?: string; day?: string } = {}) =>
      pathOf('booking', 'find-slot', params),
    requestBooking: (params: { instrumentId: string; startsAt: string; endsAt: string }) =>
      pathOf('booking', 'request-booking', params),
    booking: (params: { id: string }) => pathOf('booking', 'booking', params),
    declareOutage: (params: { instrumentId: string }) =>
      pathOf('booking', 'declare-outage', params),
  },
  session: {
    runSession: (params: { id: string }) => pathOf('session', 'run-session', params),
    sessionRecord: (params: { id: string }) => pathOf('session', 'session-record', params),
  },
  redemption: {
    openClaim: (params: { sessionId?: string } = {}) => pathOf('redemption', 'open-claim', params),
    claim: (params: { id: string }) => pathOf('redemption', 'claim', params),
    deskReconciliation: (params: { claim?: string } = {}) =>
      pathOf('redemption', 'desk-reconciliation', params),
  },
} as const
