import { rmSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { reportOf } from './report.ts'
import { mountSmallDisk } from './small-disk.ts'
import { makeDataDir, runFaults } from './suite.ts'

const CLIENTS = 24

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '600' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
  },
})
const [seconds, seed] = [Number(values.seconds), Number(values.seed)]
let stopped = false
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    stopped = true
  })
const dataDir = makeDataDir()
const disk = mountSmallDisk(dataDir)
console.log(`faults for ${seconds} s, seed ${seed}`)
if (disk === null) console.log('a full disk is left out: no small disk can be mounted here')
try {
  const outcome = await runFaults({
    dataDir,
    seconds,
    seed,
    faultsMin: 1,
    clients: CLIENTS,
    more: disk === null ? [] : [disk.full],
    log: (line) => console.log(line),
    isStopped: () => stopped,
  })
  console.log(`\n${reportOf(outcome)}`)
  process.exitCode = outcome.wrong.length === 0 ? 0 : 1
} finally {
  disk?.unmount()
  rmSync(dataDir, { recursive: true, force: true })
}
// Said aloud: Node waits for ever at its natural end for sockets that were reset in mid-sentence.
process.exit()
