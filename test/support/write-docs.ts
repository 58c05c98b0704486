import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { repoRoot } from '@yiqi/server/kernel/config.ts'
import { allEndpoints } from '@yiqi/shared/kernel/all-endpoints.ts'
import { refusals } from '@yiqi/shared/kernel/refusals.ts'

// Writes docs/api.md from the contracts; with --check it only says whether the file is fresh.

const file = path.join(repoRoot, 'docs', 'api.md')

function apiDocument(): string {
  const lines = [
    '# API',
    '',
    'Made from `shared/*/endpoints.ts` and `shared/kernel/refusals.ts` by `pnpm docs`; not edited by hand. The schemas',
    'stand in the OpenAPI 3.1 document that the server gives at `/api/openapi.json`.',
    '',
    'Every answer carries `x-server-time` and `x-request-id`. Reads answer with an `etag` and 304 to a matching',
    '`If-None-Match`. Writes take an `Idempotency-Key` of 8 to 80 characters. An error is',
    '`{code, message, issues?, requestId?}`; `issues` name the field. A list is a page: `rows`, `nextCursor`.',
    '',
  ]
  for (const [module, endpoints] of Object.entries(allEndpoints)) {
    lines.push(`## ${module}`, '', '| Endpoint | Who | What |', '| --- | --- | --- |')
    for (const [name, { method, path: at, access, summary }] of Object.entries(endpoints))
      lines.push(`| \`${method} /api${at}\` ${name} | ${access} | ${summary} |`)
    lines.push('')
  }
  lines.push('## Refusals', '', '| Code | Status | Said |', '| --- | --- | --- |')
  for (const [code, { status, zh, en }] of Object.entries(refusals))
    lines.push(`| \`${code}\` | ${status} | ${zh} · ${en} |`)
  return `${lines.join('\n')}\n`
}

const fresh = apiDocument()
if (process.argv.includes('--check')) {
  const stale = !existsSync(file) || readFileSync(file, 'utf8') !== fresh
  if (stale) console.error('docs/api.md is stale: run `pnpm docs`')
  process.exitCode = stale ? 1 : 0
} else {
  writeFileSync(file, fresh)
}
