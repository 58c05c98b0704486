import os from 'node:os'
import { audit } from './audit.ts'
import { booking } from './booking.ts'
import { type Figure, isKept, keep, tableOf } from './figures.ts'
import { ledger } from './ledger.ts'
import { race } from './race.ts'
import { openStage, type Stage } from './stage.ts'

// `pnpm bench` measures everything, `pnpm bench race ledger` these. Ends with 1 when a bound is
// missed.

const benches: Record<string, (stage: Stage) => Promise<Figure[]>> = {
  booking,
  race,
  ledger,
  audit,
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !Object.hasOwn(benches, name))
if (unknown.length > 0) {
  console.error(`no bench is called ${unknown.join(', ')}: ${Object.keys(benches).join(', ')}`)
  process.exit(1)
}
const stage = await openStage()
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void stage.stop().finally(() => process.exit(1)))
try {
  console.log(
    Object.entries(stage.settings)
      .map(([name, value]) => `${name} ${value}`)
      .join(', '),
  )
  const [load = 0, cores] = [os.loadavg()[0], os.availableParallelism()]
  console.log(
    `${cores} cores, load ${load.toFixed(1)}${load > cores ? ': others work here too' : ''}`,
  )
  for (const [name, bench] of Object.entries(benches)) {
    if (asked.length > 0 && !asked.includes(name)) continue
    const started = performance.now()
    const figures = await bench(stage)
    keep(name, figures, stage.settings)
    const seconds = Math.round((performance.now() - started) / 1000)
    console.log(`\n${name}, ${seconds} s\n${tableOf(figures)}`)
    if (!figures.every(isKept)) process.exitCode = 1
  }
} finally {
  await stage.stop()
}
