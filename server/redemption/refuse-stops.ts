import { Refusal } from '@yiqi/shared/kernel/refusals.ts'
import { type ClaimRow, checkClaim } from './queries-facts.ts'

/**
 * An automatic stop keeps a claim from going on: `redemption.findings_stop`, with each finding in
 * words.
 */
export function refuseStops(claim: ClaimRow): void {
  const stops = checkClaim(claim).findings.filter((finding) => finding.level === 'stop')
  if (stops.length === 0) return
  const issues = stops.map(({ code, sentence }) => ({ path: code, message: sentence }))
  throw new Refusal('redemption.findings_stop', issues)
}
