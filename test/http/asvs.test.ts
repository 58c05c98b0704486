import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { repoRoot } from '@yiqi/server/kernel/config.ts'
import { describe, expect, it } from 'vitest'

const rows = readFileSync(path.join(repoRoot, 'docs', 'security.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| \d+\.\d+\.\d+ \|/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, requirement = '', how = '', shown = '']) => ({ requirement, how, shown }))

describe('the claims of docs/security.md', () => {
  it('are each made once, and say how', () => {
    expect(rows.length).toBeGreaterThan(50)
    expect(new Set(rows.map((row) => row.requirement)).size).toBe(rows.length)
    expect(rows.filter((row) => row.how.length < 5)).toEqual([])
  })

  it('are each shown by a test that is there, or say why not', () => {
    const unshown = rows.filter(
      ({ shown }) => !/^reason: .{10,}/.test(shown) && !existsSync(path.join(repoRoot, shown)),
    )
    expect(unshown).toEqual([])
  })
})
