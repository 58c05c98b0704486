import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { changeEnv, childEnv, loadConfig, repoRoot } from '@yiqi/server/kernel/config.ts'
import { type Browser, chromium } from 'playwright-core'

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--font-render-hinting=none',
]

const systemBrowsers = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

const FONT = 'Noto Sans SC'
const START_WITHIN_MS = 60_000

type Candidate = { executablePath: string; args: string[]; env: NodeJS.ProcessEnv }

/**
 * Starts a headless Chromium: CHROME_PATH, the system's, or the npm package's, with a Chinese font
 * in any case. Throws what to install when none starts; a test that needs a browser never skips.
 */
export async function launchBrowser(): Promise<Browser> {
  const failures: string[] = []
  for (const find of [namedBrowser, systemBrowser, packagedBrowser]) {
    try {
      const candidate = await find()
      if (candidate !== null) return await launch(candidate)
    } catch (error) {
      failures.push(String(error))
    }
  }
  const advice = 'no browser starts here: run `apt-get install -y chromium`, or set CHROME_PATH'
  throw new Error([advice, ...failures].join('\n'))
}

function launch({ executablePath, args, env }: Candidate): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [...flags, ...args],
    env: Object.fromEntries(Object.entries(env).filter(hasValue)),
    timeout: START_WITHIN_MS,
  })
}

function hasValue(entry: [string, string | undefined]): entry is [string, string] {
  return entry[1] !== undefined
}

function namedBrowser(): Candidate | null {
  const { chromePath } = loadConfig()
  return chromePath === null ? null : ordinary(chromePath)
}

function systemBrowser(): Candidate | null {
  const found = systemBrowsers.find((file) => existsSync(file))
  return found === undefined ? null : ordinary(found)
}

function ordinary(executablePath: string): Candidate {
  return { executablePath, args: [], env: childEnv({ FONTCONFIG_FILE: fontconfigFile() }) }
}

/** The package unpacks the libraries it needs only where it believes to be in a cloud function. */
async function packagedBrowser(): Promise<Candidate> {
  changeEnv({ AWS_LAMBDA_JS_RUNTIME: 'nodejs20.x' })
  const { default: packaged } = await import('@sparticuz/chromium')
  const executablePath = await packaged.executablePath()
  const libraries = path.join(tmpdir(), 'al2023', 'lib')
  return {
    executablePath,
    args: ['--headless=shell', '--no-zygote'],
    env: childEnv({
      LD_LIBRARY_PATH: libraries,
      FONTCONFIG_FILE: fontconfigFile(),
      FONTCONFIG_PATH: undefined,
    }),
  }
}

/**
 * A fontconfig file with the npm package's Chinese font alone: the same pictures on any machine.
 */
function fontconfigFile(): string {
  const folder = path.join(tmpdir(), 'yiqi-fonts')
  mkdirSync(path.join(folder, 'cache'), { recursive: true })
  const file = path.join(folder, 'fonts.conf')
  const aliases = ['sans-serif', 'serif', 'monospace', 'system-ui']
    .map(
      (name) => `<alias><family>${name}</family><prefer><family>${FONT}</family></prefer></alias>`,
    )
    .join('\n  ')
  writeFileSync(
    file,
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${fontFolder()}</dir>
  <cachedir>${path.join(folder, 'cache')}</cachedir>
  ${aliases}
</fontconfig>
`,
  )
  return file
}

function fontFolder(): string {
  const from = createRequire(path.join(repoRoot, 'package.json'))
  return path.dirname(from.resolve('@expo-google-fonts/noto-sans-sc/package.json'))
}
