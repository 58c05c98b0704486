import { proposeBankAccount } from '@yiqi/server/identity/propose-bank-account.ts'
import { putBankAccountInUse } from '@yiqi/server/identity/put-bank-account-in-use.ts'
import { approveBatch } from '@yiqi/server/redemption/approve-batch.ts'
import { bindClaim } from '@yiqi/server/redemption/bind-claim.ts'
import { importBankReturn } from '@yiqi/server/redemption/import-bank-return.ts'
import { instructBatch } from '@yiqi/server/redemption/instruct-batch.ts'
import { openBatch } from '@yiqi/server/redemption/open-batch.ts'
import { openClaim } from '@yiqi/server/redemption/open-claim.ts'
import { publiciseBatch } from '@yiqi/server/redemption/publicise-batch.ts'
import { reviewClaim } from '@yiqi/server/redemption/review-claim.ts'
import { submitClaim } from '@yiqi/server/redemption/submit-claim.ts'
import { yuanPlain } from '@yiqi/shared/kernel/money.ts'
import { DAY_MS } from '@yiqi/shared/kernel/time.ts'
import type { Batch, Claim } from '@yiqi/shared/redemption/endpoints.ts'
import { paid, type ServeOptions } from '../session/steps.ts'
import { act } from '../support/act.ts'
import type { Cast, Person } from '../support/cast.ts'
import { secondOfProvince } from '../support/second-person.ts'

export type Mode = 'deduct' | 'refund'

/** Served, paid and handed in by whoever claims: the institution's finance, or the enterprise. */
export async function submitted(
  cast: Cast,
  mode: Mode,
  options: ServeOptions = {},
): Promise<Claim> {
  const served = await paid(cast, { ...options, programmeId: cast.programmes[mode] })
  const claimant = cast.ctx(mode === 'deduct' ? cast.people.finance : cast.people.xiaojin)
  const claim = await act(claimant, openClaim, { bookingId: served.booking.id })
  return act(claimant, submitClaim, { id: claim.id })
}

/** Passed by every review that its programme asks for. */
export async function reviewed(cast: Cast, mode: Mode, options: ServeOptions = {}): Promise<Claim> {
  const claim = await submitted(cast, mode, options)
  const pass = { id: claim.id, decision: 'pass' as const }
  if (mode === 'refund') {
    await act(cast.ctx(cast.people.finance), bindClaim, { id: claim.id })
    await act(cast.ctx(cast.people.city), reviewClaim, pass)
  }
  return act(cast.ctx(cast.people.province), reviewClaim, pass)
}

/**
 * A batch of all that is reviewed, through publicity and approval by the second administrator to
 * the payment files.
 */
export async function instructed(cast: Cast, mode: Mode): Promise<Batch> {
  const province = cast.ctx(cast.people.province)
  const { id } = await act(province, openBatch, { programmeId: cast.programmes[mode] })
  if (mode === 'refund') {
    await act(province, publiciseBatch, { id })
    cast.setNow(new Date(province.now().getTime() + 6 * DAY_MS))
  }
  await act(cast.ctx(await secondOfProvince(cast)), approveBatch, { id })
  return act(province, instructBatch, { id })
}

const HEADER = '付款编号,金额(元),状态,银行流水号'

export type Line = { reference: string; fen: number; status?: string; bank?: string }

/** A bank's return as it comes: BOM, Windows lines, one row per payment. */
export function bankFile(lines: readonly Line[]): string {
  const rows = lines.map(
    ({ reference, fen, status = '成功', bank = `YH-${reference}` }) =>
      `${reference},${yuanPlain(fen)},${status},${bank}`,
  )
  return `\uFEFF${[HEADER, ...rows].join('\r\n')}\r\n`
}

export function imported(cast: Cast, batch: Batch, csv: string): Promise<Batch> {
  return act(cast.ctx(cast.people.province), importBankReturn, {
    id: batch.id,
    filename: '回单.csv',
    csv,
  })
}

/** The balance of one account, 0 when it was never needed. */
export async function balance(cast: Cast, code: string): Promise<number> {
  const [row] = await cast.sql<{ fen: number }[]>`
    select (credits_posted - debits_posted)::bigint as fen from accounts where code = ${code}`
  return row?.fen ?? 0
}

/** Where an organisation is paid: proposed by one of its people and put in use by another. */
export async function accountOf(
  cast: Cast,
  proposer: Person,
  checker: Person,
  account: { bankName: string; account: string },
): Promise<void> {
  const { id } = await act(cast.ctx(proposer), proposeBankAccount, account)
  await act(cast.ctx(checker), putBankAccountInUse, { id })
}
