import { voucherEndpoints } from '@yiqi/shared/voucher/endpoints.ts'
import { type App, serve } from '../kernel/serve.ts'
import { issueQuota } from './issue-quota.ts'
import { getLedgerProof, listProgrammes, listQuotas, listTransfers } from './queries.ts'

export function voucherRoutes(app: App): void {
  serve(app, voucherEndpoints.listProgrammes, listProgrammes)
  serve(app, voucherEndpoints.listQuotas, listQuotas)
  serve(app, voucherEndpoints.issueQuota, issueQuota)
  serve(app, voucherEndpoints.listTransfers, listTransfers)
  serve(app, voucherEndpoints.getLedgerProof, getLedgerProof)
}
