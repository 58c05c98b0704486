import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { repoRoot } from '@yiqi/server/kernel/config.ts'

type Step = { name: string; file: string; args: string[] }

const inModules = (...parts: string[]): string => path.join(repoRoot, 'node_modules', ...parts)

const biome = inModules('@biomejs', 'biome', 'bin', 'biome')
const tsc = inModules('typescript', 'bin', 'tsc')
const vitest = inModules('vitest', 'vitest.mjs')
const tsx = inModules('tsx', 'dist', 'cli.mjs')

const steps: Step[] = [
  { name: 'format and lint', file: biome, args: ['check', '.'] },
  { name: 'types of server, shared and test', file: tsc, args: ['-p', 'tsconfig.json'] },
  { name: 'types of client', file: tsc, args: ['-p', 'client/tsconfig.json'] },
  { name: 'tidy', file: vitest, args: ['run', 'test/tidy.test.ts'] },
  { name: 'tests', file: tsx, args: ['test/run.ts'] },
  { name: 'generated docs', file: tsx, args: ['test/support/write-docs.ts', '--check'] },
]

for (const { name, file, args } of steps) {
  const started = Date.now()
  console.log(`\n${name}`)
  const { status } = spawnSync(process.execPath, [file, ...args], {
    cwd: repoRoot,
    stdio: 'inherit',
  })
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  console.log(`${name}: ${status === 0 ? 'green' : 'RED'}, ${seconds} s`)
  if (status !== 0) process.exit(status ?? 1)
}
