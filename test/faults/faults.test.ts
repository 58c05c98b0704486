import { rmSync } from 'node:fs'
import { expect, it } from 'vitest'
import { reportOf } from './report.ts'
import { makeDataDir, runFaults } from './suite.ts'

const SECONDS = 60
const FAULTS = 30
const CLIENTS = 16
const SEED = 20_261_125
const TIMEOUT_MS = 300_000

it(
  `a minute and ${FAULTS} faults lose nothing, do nothing twice and leave nothing hanging`,
  async () => {
    const dataDir = makeDataDir()
    try {
      const outcome = await runFaults({
        dataDir,
        seconds: SECONDS,
        seed: SEED,
        faultsMin: FAULTS,
        clients: CLIENTS,
        log: () => {},
      })
      console.log(reportOf(outcome))
      expect(outcome.wrong).toEqual([])
      expect(outcome.seconds).toBeGreaterThanOrEqual(SECONDS)
      expect(outcome.rounds.length).toBeGreaterThanOrEqual(FAULTS)
      expect(outcome.replayed).toBeGreaterThan(FAULTS)
    } finally {
      rmSync(dataDir, { recursive: true, force: true })
    }
  },
  TIMEOUT_MS,
)
