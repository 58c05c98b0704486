import { catalogueEndpoints } from '@yiqi/shared/catalogue/endpoints.ts'
import { type App, serve } from '../kernel/serve.ts'
import { cancelDuty } from './cancel-duty.ts'
import { planDuty } from './plan-duty.ts'
import { putTeamMember } from './put-team-member.ts'
import { findInstrumentByCode, getInstrument } from './queries.ts'
import { listDuty } from './queries-duty.ts'
import { getTeam } from './queries-team.ts'
import { listTeamAlarms } from './queries-team-alarms.ts'
import { removeTeamMember } from './remove-team-member.ts'
import { listInstruments } from './search.ts'
import { setStaffMinimum } from './set-staff-minimum.ts'

export function catalogueRoutes(app: App): void {
  serve(app, catalogueEndpoints.listInstruments, listInstruments)
  serve(app, catalogueEndpoints.getInstrument, getInstrument)
  serve(app, catalogueEndpoints.findInstrumentByCode, findInstrumentByCode)
  serve(app, catalogueEndpoints.getTeam, getTeam)
  serve(app, catalogueEndpoints.putTeamMember, putTeamMember)
  serve(app, catalogueEndpoints.removeTeamMember, removeTeamMember)
  serve(app, catalogueEndpoints.setStaffMinimum, setStaffMinimum)
  serve(app, catalogueEndpoints.planDuty, planDuty)
  serve(app, catalogueEndpoints.cancelDuty, cancelDuty)
  serve(app, catalogueEndpoints.listDuty, listDuty)
  serve(app, catalogueEndpoints.listTeamAlarms, listTeamAlarms)
}
