import { bookingEndpoints } from '@yiqi/shared/booking/endpoints.ts'
import { type App, serve } from '../kernel/serve.ts'
import { approveSpending } from './approve-spending.ts'
import { cancelBooking } from './cancel-booking.ts'
import { confirmBooking } from './confirm-booking.ts'
import { declareOutage } from './declare-outage.ts'
import { declineBooking } from './decline-booking.ts'
import { listFreeInstruments } from './free-instruments.ts'
import { holdSlot } from './hold-slot.ts'
import { liftOutage } from './lift-outage.ts'
import { listOffers } from './offers.ts'
import { getBooking, listBookings } from './queries.ts'
import { listBeneficiaries } from './queries-beneficiaries.ts'
import { quoteSlot } from './quote.ts'
import { refuseSpending } from './refuse-spending.ts'
import { requestBooking } from './request-booking.ts'
import { getWeek, listFreeKinds } from './week.ts'

export function bookingRoutes(app: App): void {
  serve(app, bookingEndpoints.getWeek, getWeek)
  serve(app, bookingEndpoints.listOffers, listOffers)
  serve(app, bookingEndpoints.listFreeKinds, listFreeKinds)
  serve(app, bookingEndpoints.listFreeInstruments, listFreeInstruments)
  serve(app, bookingEndpoints.quoteSlot, quoteSlot)
  serve(app, bookingEndpoints.holdSlot, holdSlot, { oneCall: true })
  serve(app, bookingEndpoints.requestBooking, requestBooking, { oneCall: true })
  serve(app, bookingEndpoints.approveSpending, approveSpending)
  serve(app, bookingEndpoints.refuseSpending, refuseSpending)
  serve(app, bookingEndpoints.listBeneficiaries, listBeneficiaries)
  serve(app, bookingEndpoints.confirmBooking, confirmBooking)
  serve(app, bookingEndpoints.declineBooking, declineBooking)
  serve(app, bookingEndpoints.cancelBooking, cancelBooking)
  serve(app, bookingEndpoints.listBookings, listBookings)
  serve(app, bookingEndpoints.getBooking, getBooking)
  serve(app, bookingEndpoints.declareOutage, declareOutage)
  serve(app, bookingEndpoints.liftOutage, liftOutage)
}
