import { type ChildProcess, spawn } from 'node:child_process'

export type Program = {
  name: string
  file: string
  args: string[]
  env: NodeJS.ProcessEnv
  cwd: string
}

export type Supervised = {
  pid: () => number | undefined
  /** Asks it to end, waits, and kills it when it does not. */
  stop: () => Promise<void>
  /** Settles once it has died too often to be started again. */
  gaveUp: Promise<void>
}

const RESTART_AFTER_MS = 100
const CRASHES_MAX = 5
const CRASHES_WINDOW_MS = 30_000
const STOPPED_WITHIN_MS = 20_000

/**
 * Runs a program and starts it again when it ends unasked, up to five times in 30 seconds. It runs
 * in a process group of its own, so that Ctrl-C reaches it once and through us, and it can notice
 * our death by its IPC channel.
 */
export function supervise(program: Program, log: (line: string) => void = console.log): Supervised {
  const crashes: number[] = []
  let child: ChildProcess | null = null
  let stopping = false
  let restart: NodeJS.Timeout | undefined
  let giveUp: () => void = () => {}
  const gaveUp = new Promise<void>((resolve) => {
    giveUp = resolve
  })

  const run = (): void => {
    const started = launch(program)
    child = started
    started.once('error', (error) => log(`the ${program.name} could not be run: ${error.message}`))
    started.once('close', (code, signal) => {
      child = null
      if (stopping) return
      crashes.push(Date.now())
      const recent = crashes.filter((at) => at > Date.now() - CRASHES_WINDOW_MS)
      log(`the ${program.name} ended unexpectedly (${signal ?? `exit ${code}`})`)
      if (recent.length < CRASHES_MAX) {
        restart = setTimeout(run, RESTART_AFTER_MS)
        return
      }
      log(`the ${program.name} died ${recent.length} times in half a minute: giving up`)
      giveUp()
    })
  }
  run()
  return {
    pid: () => child?.pid,
    gaveUp,
    stop: async () => {
      stopping = true
      clearTimeout(restart)
      if (child !== null) await end(child)
    },
  }
}

function launch({ file, args, env, cwd }: Program): ChildProcess {
  const detached = process.platform !== 'win32'
  return spawn(file, args, { env, cwd, detached, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), STOPPED_WITHIN_MS)
    child.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
    child.kill('SIGTERM')
  })
}
