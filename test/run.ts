import { spawn } from 'node:child_process'
import path from 'node:path'
import { buildH5, buildWeapp } from '@yiqi/server/kernel/build.ts'
import { repoRoot } from '@yiqi/server/kernel/config.ts'
import { launchBrowser } from './support/browser.ts'

try {
  await prepare()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
process.exit(await runVitest(process.argv.slice(2)))

/** Everything the tests need that takes long, said before it is done. */
async function prepare(): Promise<void> {
  await buildH5()
  await buildWeapp()
  const browser = await launchBrowser()
  console.log(`browser: Chromium ${browser.version()}`)
  await browser.close()
}

/** Vitest's own output comes last, so that its summary is what ends the run. */
function runVitest(args: string[]): Promise<number> {
  const vitest = path.join(repoRoot, 'node_modules', 'vitest', 'vitest.mjs')
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [vitest, 'run', ...args], {
      cwd: repoRoot,
      stdio: 'inherit',
    })
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.on(signal, () => child.kill(signal))
    child.once('error', () => resolve(1))
    child.once('close', (code) => resolve(code ?? 1))
  })
}
