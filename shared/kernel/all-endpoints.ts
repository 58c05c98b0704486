import { bookingEndpoints } from '../booking/endpoints.ts'
import { catalogueEndpoints } from '../catalogue/endpoints.ts'
import { chargingEndpoints } from '../charging/endpoints.ts'
import { identityEndpoints } from '../identity/endpoints.ts'
import { messageEndpoints } from '../message/endpoints.ts'
import { noticeEndpoints } from '../notice/endpoints.ts'
import { redemptionEndpoints } from '../redemption/endpoints.ts'
import { sessionEndpoints } from '../session/endpoints.ts'
import { voucherEndpoints } from '../voucher/endpoints.ts'
import type { Endpoint } from './endpoint.ts'

/**
 * Every endpoint by module: what the OpenAPI document, the tests and the documents are made from.
 */
export const allEndpoints: Record<string, Record<string, Endpoint>> = {
  identity: identityEndpoints,
  catalogue: catalogueEndpoints,
  charging: chargingEndpoints,
  notice: noticeEndpoints,
  voucher: voucherEndpoints,
  booking: bookingEndpoints,
  session: sessionEndpoints,
  redemption: redemptionEndpoints,
  message: messageEndpoints,
}
