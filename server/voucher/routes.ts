import { voucherEndpoints } from '@yiqi/shared/voucher/endpoints.ts'
import { type App, serve } from '../kernel/serve.ts'
import { issueQuota } from './issue-quota.ts'
import { proposeQuota } from './propose-quota.ts'
import { getLedgerProof, listProgrammes, listQuotas, listTransfers } from './queries.ts'
import { listQuotaIssues } from './queries-issues.ts'
import { refuseQuota } from './refuse-quota.ts'

export function voucherRoutes(app: App): void {
  serve(app, voucherEndpoints.listProgrammes, listProgrammes)
  serve(app, voucherEndpoints.listQuotas, listQuotas)
  serve(app, voucherEndpoints.proposeQuota, proposeQuota)
  serve(app, voucherEndpoints.issueQuota, issueQuota)
  serve(app, voucherEndpoints.refuseQuota, refuseQuota)
  serve(app, voucherEndpoints.listQuotaIssues, listQuotaIssues)
  serve(app, voucherEndpoints.listTransfers, listTransfers)
  serve(app, voucherEndpoints.getLedgerProof, getLedgerProof)
}
