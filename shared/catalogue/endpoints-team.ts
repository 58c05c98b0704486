import { z } from 'zod/mini'
import { validities } from '../identity/terms-staff.ts'
import { endpoint } from '../kernel/endpoint.ts'
import { date, id, pageInput, pageOf, text } from '../kernel/schema.ts'
import { positions, teamAlarmKinds } from './terms.ts'

const InstrumentName = z.object({ id, number: z.string(), name: z.string() })

export const TeamMember = z.object({
  userId: id,
  name: z.string(),
  title: z.nullable(z.string()),
  position: z.enum(positions),
  positionLabel: z.string(),
  licenceNumber: z.nullable(z.string()),
  licensedOn: z.nullable(date),
  licenceExpiresOn: z.nullable(date),
  validity: z.enum(validities),
  /** Counts towards the minimum today: at work, with no licence that ended. */
  able: z.boolean(),
})
export type TeamMember = z.output<typeof TeamMember>

/** What everybody may know of a team, and what only its institution does. */
export const Team = z.object({
  instrument: InstrumentName,
  count: z.int(),
  lead: z.nullable(z.string()),
  inner: z.nullable(z.object({ staffMin: z.int(), able: z.int(), members: z.array(TeamMember) })),
})
export type Team = z.output<typeof Team>

const minute = z.int().check(z.minimum(0), z.maximum(1440))

export const DutyShift = z.object({
  id,
  instrument: InstrumentName,
  userId: id,
  name: z.string(),
  onDate: date,
  /** Minutes of the day, half-open; 24:00 is 1440. */
  startsMinute: minute,
  endsMinute: minute,
  substituteFor: z.nullable(z.object({ userId: id, name: z.string() })),
})
export type DutyShift = z.output<typeof DutyShift>

export const TeamAlarm = z.object({
  id: z.string(),
  kind: z.enum(teamAlarmKinds),
  label: z.string(),
  instrument: InstrumentName,
  institution: z.object({ id, name: z.string() }),
  userId: z.nullable(id),
  detail: z.string(),
  gaps: z.array(z.object({ onDate: date, startsMinute: minute, endsMinute: minute })),
})
export type TeamAlarm = z.output<typeof TeamAlarm>

export const teamEndpoints = {
  getTeam: endpoint({
    method: 'GET',
    path: '/instruments/:id/team',
    summary: 'How many tend an instrument and who leads; everybody, for the institution’s people.',
    input: z.strictObject({ id }),
    output: Team,
  }),
  putTeamMember: endpoint({
    method: 'PUT',
    path: '/instruments/:id/team/:userId',
    summary: 'Takes a technician into the team, or changes position and licence.',
    input: z.strictObject({
      id,
      userId: id,
      position: z.enum(positions),
      licenceNumber: z.nullable(text(60)),
      licensedOn: z.nullable(date),
      licenceExpiresOn: z.nullable(date),
    }),
    output: Team,
  }),
  removeTeamMember: endpoint({
    method: 'DELETE',
    path: '/instruments/:id/team/:userId',
    summary: 'Takes somebody out of the team, with the duty they still had there.',
    input: z.strictObject({ id, userId: id }),
    output: z.extend(Team, {
      /** Bookings still to come, when nobody is left who could run them; else 0. */
      unattended: z.int(),
    }),
  }),
  setStaffMinimum: endpoint({
    method: 'PUT',
    path: '/instruments/:id/staff-minimum',
    summary: 'Says how many of the team must be able to work; 0 alarms never.',
    input: z.strictObject({ id, staffMin: z.int().check(z.minimum(0), z.maximum(50)) }),
    output: Team,
  }),
  planDuty: endpoint({
    method: 'POST',
    path: '/duty',
    summary: 'Puts one of the team on duty for some hours of a day.',
    input: z.strictObject({
      instrumentId: id,
      userId: id,
      onDate: date,
      startsMinute: minute,
      endsMinute: minute,
      substituteFor: z.nullable(id),
    }),
    output: DutyShift,
  }),
  cancelDuty: endpoint({
    method: 'DELETE',
    path: '/duty/:id',
    summary: 'Takes a planned duty back.',
    input: z.strictObject({ id }),
    output: z.object({ id }),
  }),
  listDuty: endpoint({
    method: 'GET',
    path: '/duty',
    summary: 'Who is on duty between two days: the own institution’s, or one’s own.',
    input: z.strictObject({ from: date, to: date, instrumentId: z.optional(id), ...pageInput }),
    output: pageOf(DutyShift),
  }),
  listTeamAlarms: endpoint({
    method: 'GET',
    path: '/team-alarms',
    summary: 'Teams that are too small, rosters with holes, licences that end: as of now.',
    input: z.strictObject({ ...pageInput }),
    output: pageOf(TeamAlarm),
  }),
}
