import { z } from 'zod/mini'
import { endpoint } from '../kernel/endpoint.ts'
import { date, id, instant, pageInput, pageOf, text } from '../kernel/schema.ts'
import { closingReasons, consentChannels, consentScopes } from './terms-privacy.ts'

const scope = z.enum(consentScopes)
/** Of a privacy notice: `2026-11-01`, `2026-11-01.2`. */
const version = text(20)

const PrivacyNotice = z.object({
  scope,
  version: z.string(),
  title: z.string(),
  /** Paragraphs, parted by line breaks. */
  text: z.string(),
  effectiveFrom: date,
})
export type PrivacyNotice = z.output<typeof PrivacyNotice>

const Consent = z.object({
  scope,
  title: z.string(),
  /** The version that is in force now, and since when. */
  version: z.string(),
  effectiveFrom: date,
  neededFor: z.string(),
  /** 单独同意: asked for apart from everything else. */
  separate: z.boolean(),
  /** Taken back only together with the account. */
  endsAccount: z.boolean(),
  /** The last version the person agreed to, and when; null: never. */
  givenVersion: z.nullable(z.string()),
  givenAt: z.nullable(instant),
  channel: z.nullable(z.enum(consentChannels)),
  withdrawnAt: z.nullable(instant),
  /** Agreed to as it is now, and not taken back. */
  inForce: z.boolean(),
})
export type Consent = z.output<typeof Consent>

const ConsentEntry = z.object({
  id,
  scope,
  title: z.string(),
  version: z.string(),
  channel: z.enum(consentChannels),
  givenAt: instant,
  withdrawnAt: z.nullable(instant),
})
export type ConsentEntry = z.output<typeof ConsentEntry>

const Kept = z.object({
  what: z.string(),
  /** Null: for ever. */
  years: z.nullable(z.int()),
  why: z.string(),
})

const Section = z.object({
  title: z.string(),
  rows: z.array(z.record(z.string(), z.unknown())),
  /** Where something was left out. */
  note: z.nullable(z.string()),
})

export const privacyEndpoints = {
  listPrivacyNotices: endpoint({
    method: 'GET',
    path: '/privacy-notices',
    summary: 'Terms, privacy policy and what else is agreed to, as they are in force.',
    input: z.strictObject({}),
    output: z.object({ rows: z.array(PrivacyNotice) }),
  }),
  getConsents: endpoint({
    method: 'GET',
    path: '/me/consents',
    summary: 'What I agreed to, in which version, and what I am asked again.',
    input: z.strictObject({}),
    output: z.object({
      rows: z.array(Consent),
      /** In force for the account, and not agreed to as it is now. */
      needsConsent: z.array(scope),
    }),
  }),
  giveConsent: endpoint({
    method: 'PUT',
    path: '/me/consents/:scope',
    summary: 'Agrees to the version that was read.',
    input: z.strictObject({ scope, version, channel: z.enum(consentChannels) }),
    output: Consent,
  }),
  withdrawConsent: endpoint({
    method: 'DELETE',
    path: '/me/consents/:scope',
    summary: 'Takes a consent back, for what comes after.',
    input: z.strictObject({ scope }),
    output: Consent,
  }),
  listConsentHistory: endpoint({
    method: 'GET',
    path: '/me/consents/history',
    summary: 'Every consent given, and when it was taken back.',
    input: z.strictObject({ ...pageInput }),
    output: pageOf(ConsentEntry),
  }),
  exportMyData: endpoint({
    method: 'GET',
    path: '/me/export',
    summary: 'Everything the platform knows of me, as one document.',
    input: z.strictObject({}),
    output: z.object({
      /** The person's. */
      id,
      exportedAt: instant,
      sections: z.record(z.string(), Section),
    }),
  }),
  closeAccount: endpoint({
    method: 'POST',
    path: '/me/closing',
    forgetful: true,
    summary: 'Closes my account; logging in again within two weeks opens it.',
    input: z.strictObject({
      /** The words that the page asks to be typed. */
      confirmation: text(20),
      reason: z.optional(z.enum(closingReasons)),
    }),
    output: z.object({
      /** The person's. */
      id,
      closedAt: instant,
      /** Until then a log-in opens the account again. */
      reopenUntil: instant,
      /** By then what is personal is gone. */
      erasedBy: instant,
      kept: z.array(Kept),
      erased: z.array(z.string()),
    }),
  }),
}
