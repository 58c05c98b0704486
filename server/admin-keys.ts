import path from 'node:path'
import type { Command } from 'commander'
import { makeKeyring } from './identity/keyring.ts'
import { loadConfig } from './kernel/config.ts'
import type { Ctx } from './kernel/ctx.ts'
import { resealAll, rotateKeys } from './kernel/reseal.ts'

/** `pnpm admin keys …`: new keys for sealed fields and for access tokens. */
export function keyCommands(
  program: Command,
  run: (work: (ctx: Ctx) => Promise<number>) => Promise<void>,
): void {
  const keys = program.command('keys').description('keys of sealed fields and of access tokens')
  keys
    .command('rotate')
    .description('a new data key for every scope, and everything sealed anew with it')
    .action(() => run(rotateDataKeys))
  keys
    .command('rotate-signing')
    .description('the next signing key signs from now on; the last one still verifies')
    .action(() => run(async () => rotateSigning()))
}

async function rotateDataKeys(ctx: Ctx): Promise<number> {
  const retired = await rotateKeys(ctx.sql, ctx.now())
  const changed = await resealAll(ctx)
  console.log(`${retired} keys retired, ${changed} texts and keys renewed`)
  return 0
}

function rotateSigning(): number {
  const keyring = makeKeyring({ file: path.join(loadConfig().secretsDir, 'signing-keys') })
  keyring.rotate()
  console.log(`access tokens are signed with ${keyring.signing().kid}`)
  return 0
}
