import { catalogueEndpoints } from '@yiqi/shared/catalogue/endpoints.ts'
import { type App, serve } from '../kernel/serve.ts'
import { findInstrumentByCode, getInstrument } from './queries.ts'
import { listInstruments } from './search.ts'

export function catalogueRoutes(app: App): void {
  serve(app, catalogueEndpoints.listInstruments, listInstruments)
  serve(app, catalogueEndpoints.getInstrument, getInstrument)
  serve(app, catalogueEndpoints.findInstrumentByCode, findInstrumentByCode)
}
