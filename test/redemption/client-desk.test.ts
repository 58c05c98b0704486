import { describe, expect, it } from 'vitest'
import { waterfallBars } from '../../client/src/kernel/parts/money-split-rules.ts'
import {
  approvalWords,
  batchCounts,
  batchStages,
  demoBankReturn,
  deskAddsUp,
  deskSteps,
  obstacleOf,
  rowWords,
  whyNotApproveNow,
  whyNotReconcile,
} from '../../client/src/redemption/parts/desk-rules.ts'
import { readBankFile } from '../../server/redemption/read-bank-file.ts'

const desk = {
  claimedFen: 48_620_000,
  matchedFen: 41_260_000,
  differingFen: 3_840_000,
  missingFen: 2_160_000,
  doubtfulFen: 1_360_000,
  payableFen: 41_260_000,
  provinceFen: 20_630_000,
  cityFen: 20_630_000,
  cleanClaims: 128,
}

describe('waterfall of the desk', () => {
  it('adds up, and says when it does not', () => {
    expect(deskAddsUp(desk)).toBe(true)
    expect(deskAddsUp({ ...desk, missingFen: 1 })).toBe(false)
    expect(deskAddsUp({ ...desk, cityFen: 0 })).toBe(false)
  })

  it('goes down to the ground twice: the columns use up what is claimed, the funders what is payable', () => {
    const bars = waterfallBars(deskSteps(desk))
    expect(bars).toHaveLength(8)
    expect(bars[4]?.fromPercent).toBeCloseTo(0)
    expect(bars[7]?.fromPercent).toBeCloseTo(0)
  })
})

describe('a batch', () => {
  it('is reconciled only at zero, and says why not', () => {
    expect(whyNotReconcile({ state: 'instructed', differenceFen: null })).toBe('先导入银行回单')
    expect(whyNotReconcile({ state: 'returned', differenceFen: 2_000 })).toBe(
      '还有差额 ¥20.00 未说明',
    )
    expect(whyNotReconcile({ state: 'returned', differenceFen: 0 })).toBeNull()
    expect(whyNotReconcile({ state: 'reconciled', differenceFen: 0 })).toBe('已经对平')
  })

  it('waits for the end of its publicity', () => {
    const batch = { state: 'publicised' as const, publicUntil: '2026-11-30' }
    expect(whyNotApproveNow(batch, 5, '2026-11-30')).toBe('redemption.in_publicity')
    expect(whyNotApproveNow(batch, 5, '2026-12-01')).toBeNull()
    expect(whyNotApproveNow({ state: 'open', publicUntil: null }, 0, '2026-11-30')).toBeNull()
  })

  it('names who did what, and what stands in this person’s way', () => {
    const batch = {
      openedBy: '甲',
      approvals: [
        { name: '乙', at: '2026-11-24T01:00:00.000Z' },
        { name: '丙', at: '2026-11-24T02:00:00.000Z' },
      ],
      instructedBy: '甲',
      reconciledBy: null,
    }
    expect(approvalWords(batch)).toBe('编制 甲 · 批准 乙、丙 · 拨付 甲')
    const none = { openedBy: null, approvals: [], instructedBy: null, reconciledBy: null }
    expect(approvalWords(none)).toBe('')
    const obstacles = [{ action: 'approve' as const, code: 'redemption.own_batch' }]
    expect(obstacleOf({ obstacles }, 'approve')).toBe('redemption.own_batch')
    expect(obstacleOf({ obstacles }, 'instruct')).toBeNull()
  })

  it('has no stage of publicity where the programme has none', () => {
    const stages = batchStages({ state: 'approved', publicUntil: null }, 0)
    expect(stages.map((stage) => stage.state)).not.toContain('publicised')
    expect(stages.find((stage) => stage.now)?.state).toBe('approved')
    expect(
      batchStages({ state: 'reconciled', publicUntil: null }, 5).every((stage) => stage.done),
    ).toBe(true)
  })

  it('is counted by stage, with what is still unexplained', () => {
    const rows = [
      { state: 'open' as const, differenceFen: null },
      { state: 'returned' as const, differenceFen: 2_000 },
      { state: 'returned' as const, differenceFen: 0 },
      { state: 'reconciled' as const, differenceFen: 0 },
    ]
    expect(batchCounts(rows)).toEqual({
      preparing: 1,
      atBank: 2,
      reconciled: 1,
      withDifference: 1,
      differenceFen: 2_000,
    })
  })
})

describe('the bank return of the tour', () => {
  it('is one that the server reads: all arrived, the last short by ¥20.00', () => {
    const csv = demoBankReturn([
      { reference: 'FK2611-0001', instructedFen: 20_750 },
      { reference: 'FK2611-0002', instructedFen: 20_750 },
    ])
    expect(readBankFile(csv).map((line) => [line.reference, line.returnedFen])).toEqual([
      ['FK2611-0001', 20_750],
      ['FK2611-0002', 18_750],
    ])
  })

  it('never goes below zero', () => {
    expect(
      readBankFile(demoBankReturn([{ reference: 'FK1', instructedFen: 500 }]))[0]?.returnedFen,
    ).toBe(0)
  })

  it('names rows of a bad file', () => {
    expect(rowWords('row 3')).toBe('第 3 行：')
    expect(rowWords('')).toBe('')
  })
})
