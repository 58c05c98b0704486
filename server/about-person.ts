import { liveBookingsOf, personalDataOf as ofBooking } from './booking/queries-personal.ts'
import { forgetPerson as inCatalogue } from './catalogue/forget-person.ts'
import { personalDataOf as ofCatalogue } from './catalogue/queries-personal.ts'
import { personalDataOf as ofKernel, type PersonalData } from './kernel/about-person.ts'
import type { Ctx } from './kernel/ctx.ts'
import { forgetPerson as inKernel } from './kernel/forget-person.ts'
import { forgetPerson as inMessage } from './message/forget-person.ts'
import { personalDataOf as ofMessage } from './message/queries-personal.ts'
import { personalDataOf as ofNotice } from './notice/queries-personal.ts'
import { personalDataOf as ofRedemption } from './redemption/queries-personal.ts'
import { personalDataOf as ofSession } from './session/queries-personal.ts'

const modules = [
  ofCatalogue,
  ofBooking,
  ofSession,
  ofNotice,
  ofRedemption,
  ofMessage,
  ofKernel,
] as const

/**
 * What every module but identity knows of one person, for the person themselves: identity asks for
 * it, and may not know the modules.
 */
export async function personalData(ctx: Ctx, userId: string): Promise<PersonalData> {
  const all: PersonalData = {}
  for (const personalDataOf of modules) Object.assign(all, await personalDataOf(ctx, userId))
  return all
}

/** The numbers of what a person has begun and nobody could end for them. */
export function openBusiness(ctx: Ctx, userId: string): Promise<string[]> {
  return liveBookingsOf(ctx, userId)
}

/**
 * Deletes of an erased person what only tells of them, in every module but identity; answers how
 * many rows of each table.
 */
export async function forgetsPerson(ctx: Ctx, userId: string): Promise<Record<string, number>> {
  const all: Record<string, number> = {}
  for (const forgetPerson of [inCatalogue, inMessage, inKernel])
    Object.assign(all, await forgetPerson(ctx, userId))
  return all
}
