import { compareMachines } from './compare.ts'
import { models } from './models.ts'
import { simulate } from './simulate.ts'
import type { Bug } from './store.ts'

// The parts of a proof, each from a seed on for about so many steps, each one row of the table.

export type Row = {
  part: string
  seeds: number
  steps: number
  ms: number
  crashes: number
  retries: number
  violations: string[]
}

const CASES_A_SEED = 500

/** The pure rules against the slow way of saying the same; a step is one case. */
export function proveRules(seed: number, steps: number): Row {
  return part('rules', seed, steps, (each) => {
    for (const { run } of models) run({ seed: each, numRuns: CASES_A_SEED })
    return { steps: models.length * CASES_A_SEED }
  })
}

/** The machines against diagrams and lists; a step is one act of one person. */
export function proveMachines(seed: number, steps: number): Row {
  return part('machines', seed, steps, (each) => ({ steps: compareMachines(each) }))
}

/** The machines under a scheduler that kills; a step is what happens between two awaits. */
export function proveSimulator(seed: number, steps: number): Row {
  return part('simulator', seed, steps, (each) => {
    const run = simulate(each)
    const violations = run.violations.map((one) => `seed ${each}: ${Object.values(one).join(' ')}`)
    return { ...run, violations }
  })
}

/** The first seed, of so many, in which a fault that was built in is found; null when none is. */
export function findBug(bug: Bug, seeds: number): { seed: number; invariants: string[] } | null {
  for (let seed = 1; seed <= seeds; seed++) {
    const { violations } = simulate(seed, bug)
    if (violations.length > 0) return { seed, invariants: violations.map((one) => one.invariant) }
  }
  return null
}

type Found = Pick<Row, 'steps'> & Partial<Row>

function part(name: string, first: number, steps: number, prove: (seed: number) => Found): Row {
  const started = performance.now()
  const row: Row = { part: name, seeds: 0, steps: 0, ms: 0, crashes: 0, retries: 0, violations: [] }
  while (row.steps < steps) {
    const seed = first + row.seeds++
    try {
      const found = prove(seed)
      row.steps += found.steps
      row.crashes += found.crashes ?? 0
      row.retries += found.retries ?? 0
      row.violations.push(...(found.violations ?? []))
    } catch (error) {
      row.violations.push(`seed ${seed}: ${String(error)}`)
      break
    }
  }
  row.ms = performance.now() - started
  return row
}
