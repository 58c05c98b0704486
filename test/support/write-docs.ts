import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { repoRoot } from '@yiqi/server/kernel/config.ts'
import { type Role, roleLabels } from '@yiqi/shared/identity/terms.ts'
import {
  type Action,
  access,
  duties,
  isAction,
  relations,
  ruleOf,
  type Who,
} from '@yiqi/shared/kernel/access.ts'
import { allEndpoints } from '@yiqi/shared/kernel/all-endpoints.ts'
import { refusals } from '@yiqi/shared/kernel/refusals.ts'

// Writes docs/api.md from the contracts and docs/access.md from the access table; with --check it
// only says whether the files are fresh.

const documents = { 'api.md': apiDocument, 'access.md': accessDocument }

function apiDocument(): string {
  const lines = [
    '# API',
    '',
    'Made from `shared/*/endpoints*.ts`, `shared/kernel/access.ts` and `shared/kernel/refusals.ts` by `pnpm docs`; not',
    'edited by hand. The schemas stand in the OpenAPI 3.1 document that the server gives at `/api/openapi.json`.',
    '',
    'Every answer carries `x-server-time` and `x-request-id`. Reads answer with an `etag` and 304 to a matching',
    '`If-None-Match`. Writes take an `Idempotency-Key` of 8 to 80 characters. An error is',
    '`{code, message, issues?, requestId?}`; `issues` name the field. A list is a page: `rows`, `nextCursor`.',
    '',
  ]
  for (const [module, endpoints] of Object.entries(allEndpoints)) {
    lines.push(`## ${module}`, '', '| Endpoint | Who | What |', '| --- | --- | --- |')
    for (const [name, { method, path: at, summary }] of Object.entries(endpoints))
      lines.push(
        `| \`${method} /api${at}\` ${name} | ${briefly(`${module}.${name}`)} | ${summary} |`,
      )
    lines.push('')
  }
  lines.push('## Refusals', '', '| Code | Status | Said |', '| --- | --- | --- |')
  for (const [code, { status, zh, en }] of Object.entries(refusals))
    lines.push(`| \`${code}\` | ${status} | ${zh} · ${en} |`)
  return `${lines.join('\n')}\n`
}

function briefly(name: string): string {
  if (!isAction(name)) throw new Error(`${name} does not stand in the access table`)
  const { who } = ruleOf(name)
  return typeof who === 'string' ? who : 'roles'
}

function accessDocument(): string {
  const lines = [
    '# Who may do what',
    '',
    'Made from `shared/kernel/access.ts` by `pnpm docs`; not edited by hand. The server asks this table before every',
    'endpoint and again in the verb; the client asks it before it shows a button. An object outside the relation is',
    '*not found*. What is not in the table cannot be called.',
    '',
    '- **Who**: `anyone` also without log-in · `person` who is logged in, with or without a role · `member` any role, on',
    "  what is their own or their organisation's · otherwise the roles, each with the relation it needs.",
    '- **Step-up**: a second factor at most five minutes old. **Audit**: the kind of entry the act leaves.',
    '- **Duty**: the operating service centre needs the department’s delegation of it.',
    '',
    `Relations: ${Object.entries(relations)
      .map(([name, zh]) => `\`${name}\` ${zh}`)
      .join(' · ')}.`,
    '',
    '| Action | Who | Step-up | Audit | Duty |',
    '| --- | --- | --- | --- | --- |',
  ]
  for (const action of Object.keys(access).filter(isAction)) lines.push(accessLine(action))
  return `${lines.join('\n')}\n`
}

function accessLine(action: Action): string {
  const { who, stepUp, audit, duty } = ruleOf(action)
  const cells = [stepUp ? 'yes' : '', audit ?? '', duty === undefined ? '' : duties[duty]]
  return `| \`${action}\` | ${whoWords(who)} | ${cells.join(' | ')} |`
}

function whoWords(who: Who): string {
  if (typeof who === 'string') return who
  const roles = Object.entries(who) as [Role, string][] // the keys of Who
  return roles.map(([role, relation]) => `${roleLabels[role]} \`${relation}\``).join(' · ')
}

for (const [name, write] of Object.entries(documents)) {
  const file = path.join(repoRoot, 'docs', name)
  const fresh = write()
  if (!process.argv.includes('--check')) writeFileSync(file, fresh)
  else if (!existsSync(file) || readFileSync(file, 'utf8') !== fresh) {
    console.error(`docs/${name} is stale: run \`pnpm docs\``)
    process.exitCode = 1
  }
}
