import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { repoRoot } from '@yiqi/server/kernel/config.ts'
import { describe, expect, it } from 'vitest'
import { type CaughtBy, mutants } from './mutants.ts'
import { mutate } from './tree.ts'
import { judge } from './trial.ts'

const textOf = (file: string) => readFileSync(path.join(repoRoot, file), 'utf8')
const fileOf = (caughtBy: CaughtBy) =>
  'script' in caughtBy ? (caughtBy.script.split(' ')[0] ?? '') : caughtBy.file

describe('the list of mutants', () => {
  it('has each of them once, and at least ten', () => {
    const names = mutants.map((mutant) => mutant.name)
    expect(new Set(names).size).toBe(names.length)
    expect(names.length).toBeGreaterThanOrEqual(10)
  })

  it.each(mutants)('$name breaks one place, which is there', (mutant) => {
    const whole = textOf(mutant.file)
    expect(mutate(whole, mutant)).not.toBe(whole)
    expect(() => mutate(whole + whole, mutant)).toThrow('is found once')
    expect(() => mutate('', mutant)).toThrow('is found once')
  })

  it.each(mutants)('$name is caught by what exists, and told in docs/proof.md', (mutant) => {
    const file = fileOf(mutant.caughtBy)
    expect(existsSync(path.join(repoRoot, file)), file).toBe(true)
    const told = textOf('docs/proof.md')
      .split('\n### ')
      .find((part) => part.startsWith(`\`${file}\``))
    expect(told).toContain(`\`${mutant.name}\``)
  })
})

describe('a trial', () => {
  const passed = { status: 'passed' }
  const failed = { status: 'failed', failureMessages: ['expected 1 to be 2\nat a line'] }

  it('is red by a test that failed, and says the first', () => {
    const verdict = judge({ testResults: [{ assertionResults: [passed, failed] }] })
    expect(verdict).toEqual({ colour: 'red', why: 'expected 1 to be 2' })
  })

  it('is green when what ran held', () => {
    const skipped = { status: 'skipped' }
    expect(judge({ testResults: [{ assertionResults: [skipped, passed] }] }).colour).toBe('green')
  })

  it.each([
    ['a file could not be read', [{ message: 'Unexpected token', assertionResults: [] }]],
    ['another file could not be read', [{ assertionResults: [failed] }, { assertionResults: [] }]],
    ['nothing of that name ran', [{ assertionResults: [{ status: 'skipped' }] }]],
    ['what comes before failed', [{ message: 'no', assertionResults: [{ status: 'skipped' }] }]],
    ['there is no file', []],
  ])('proves nothing when %s', (_, testResults) => {
    expect(judge({ testResults }).colour).toBe('broken')
  })
})
