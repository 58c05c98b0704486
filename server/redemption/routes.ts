import { redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { type App, serve } from '../kernel/serve.ts'
import { approveBatch } from './approve-batch.ts'
import { bindClaim } from './bind-claim.ts'
import { explainDifference } from './explain-difference.ts'
import { importBankReturn } from './import-bank-return.ts'
import { instructBatch } from './instruct-batch.ts'
import { openBatch } from './open-batch.ts'
import { openClaim } from './open-claim.ts'
import { publiciseBatch } from './publicise-batch.ts'
import { getClaim, getDesk, listClaimable, listClaims } from './queries.ts'
import { getBatch, listBatches } from './queries-batches.ts'
import { getPaymentFile } from './queries-payments.ts'
import { reconcileBatch } from './reconcile-batch.ts'
import { reviewClaim } from './review-claim.ts'
import { reviewCleanClaims } from './review-clean-claims.ts'
import { submitClaim } from './submit-claim.ts'
import { withdrawClaim } from './withdraw-claim.ts'

export function redemptionRoutes(app: App): void {
  serve(app, redemptionEndpoints.listClaimable, listClaimable)
  serve(app, redemptionEndpoints.openClaim, openClaim)
  serve(app, redemptionEndpoints.submitClaim, submitClaim)
  serve(app, redemptionEndpoints.withdrawClaim, withdrawClaim)
  serve(app, redemptionEndpoints.bindClaim, bindClaim)
  serve(app, redemptionEndpoints.reviewCleanClaims, reviewCleanClaims)
  serve(app, redemptionEndpoints.reviewClaim, reviewClaim)
  serve(app, redemptionEndpoints.listClaims, listClaims)
  serve(app, redemptionEndpoints.getClaim, getClaim)
  serve(app, redemptionEndpoints.getDesk, getDesk)
  serve(app, redemptionEndpoints.openBatch, openBatch)
  serve(app, redemptionEndpoints.publiciseBatch, publiciseBatch)
  serve(app, redemptionEndpoints.approveBatch, approveBatch)
  serve(app, redemptionEndpoints.instructBatch, instructBatch)
  serve(app, redemptionEndpoints.getPaymentFile, getPaymentFile)
  serve(app, redemptionEndpoints.importBankReturn, importBankReturn)
  serve(app, redemptionEndpoints.explainDifference, explainDifference)
  serve(app, redemptionEndpoints.reconcileBatch, reconcileBatch)
  serve(app, redemptionEndpoints.listBatches, listBatches)
  serve(app, redemptionEndpoints.getBatch, getBatch)
}
