import { whyNotAllowed } from '@yiqi/shared/kernel/access.ts'
import { allowPerson, type Ctx, found, refuse, seatOf } from '../kernel/ctx.ts'
import type { Purpose } from '../kernel/file-reading.ts'

const LICENCE_MAX_BYTES = 10 * 1024 * 1024

/**
 * Scans of licences and credentials: read by the people of the organisation they were brought for,
 * by who brought them, and by the officer who decides.
 */
export const licencePurpose: Purpose = {
  name: 'licence',
  types: ['pdf', 'png', 'jpeg', 'webp'],
  maxBytes: LICENCE_MAX_BYTES,
  protected: true,
  mayRead: async ({ actor }, file) => {
    if ('userId' in actor && actor.userId === file.ownerId) return true
    if (actor.kind !== 'member') return false
    if (actor.organisationId === file.organisationId) return true
    return whyNotAllowed('identity.decideVerification', seatOf(actor)) === null
  },
}

/**
 * What is submitted must be a scan that the person or their organisation brought, whole and clean.
 * Refuses kernel.no_such_file, kernel.file_quarantined.
 */
export async function checkLicence(ctx: Ctx, id: string | undefined): Promise<void> {
  if (id === undefined) return
  const actor = allowPerson(ctx)
  const organisationId = actor.kind === 'member' ? actor.organisationId : null
  const [row] = await ctx.sql<{ state: string }[]>`
    select state from files
    where id = ${id} and purpose = ${licencePurpose.name} and deleted_at is null
      and state <> 'refused'
      and (owner_id = ${actor.userId} or organisation_id = ${organisationId})`
  if (found(row, 'kernel.no_such_file').state === 'quarantined') refuse('kernel.file_quarantined')
}
