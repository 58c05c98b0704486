import { chargingEndpoints } from '@yiqi/shared/charging/endpoints.ts'
import { type App, serve } from '../kernel/serve.ts'
import { confirmReceipt } from './confirm-receipt.ts'
import { noteTransfer } from './note-transfer.ts'
import { listBills, listTariffs } from './queries.ts'

export function chargingRoutes(app: App): void {
  serve(app, chargingEndpoints.listTariffs, listTariffs)
  serve(app, chargingEndpoints.listBills, listBills)
  serve(app, chargingEndpoints.noteTransfer, noteTransfer)
  serve(app, chargingEndpoints.confirmReceipt, confirmReceipt)
}
