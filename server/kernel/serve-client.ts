import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Hono } from 'hono'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.woff2': 'font/woff2',
  '.ico': 'image/x-icon',
  '.txt': 'text/plain; charset=utf-8',
}

type File = { body: Buffer; zipped: Buffer | null; type: string; etag: string; hashed: boolean }

/** Serves the built H5 client; a path that is no file is one of its pages and gets `index.html`. */
export function serveClient(hono: Hono, dir: string): void {
  const files = new Map<string, File>()
  hono.get('*', (c) => {
    const wanted = decodeURIComponent(new URL(c.req.url).pathname)
    const page = pageOfShort(wanted)
    if (page !== null) return c.redirect(page, 302)
    const file =
      fileAt(dir, wanted, files) ??
      (path.extname(wanted) === '' ? fileAt(dir, '/index.html', files) : null)
    if (!file) return c.text('not found', 404)
    const headers: Record<string, string> = {
      'content-type': file.type,
      etag: file.etag,
      'cache-control': file.hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      vary: 'accept-encoding',
    }
    if (c.req.header('if-none-match') === file.etag)
      return new Response(null, { status: 304, headers })
    const zip = file.zipped !== null && (c.req.header('accept-encoding') ?? '').includes('gzip')
    const body = zip && file.zipped !== null ? file.zipped : file.body
    return new Response(new Uint8Array(body), {
      headers: zip ? { ...headers, 'content-encoding': 'gzip' } : headers,
    })
  })
}

/** What is printed on stickers and documents is short; these are the pages it means. */
const shortAddresses: Record<string, string> = {
  i: '/tabs/scan/index?kind=i&code=',
  v: '/notice/verify-document/index?code=',
  j: '/identity/join/index?code=',
}

function pageOfShort(wanted: string): string | null {
  const match = /^\/(\w)\/([0-9A-Za-z-]{1,80})\/?$/.exec(wanted)
  const page = shortAddresses[match?.[1] ?? '']
  return page === undefined ? null : `${page}${match?.[2] ?? ''}`
}

function fileAt(dir: string, wanted: string, files: Map<string, File>): File | null {
  const full = path.join(dir, path.normalize(wanted))
  if (!full.startsWith(dir + path.sep) || !existsSync(full)) return null
  const stat = statSync(full)
  if (!stat.isFile()) return null
  const key = `${full}:${stat.mtimeMs}`
  const known = files.get(key)
  if (known) return known
  const body = readFileSync(full)
  const type = types[path.extname(full)] ?? 'application/octet-stream'
  const file: File = {
    body,
    zipped: /text|javascript|json|svg/.test(type) ? gzipSync(body) : null,
    type,
    etag: `"${createHash('sha1').update(body).digest('base64url')}"`,
    hashed: /\.[0-9a-f]{8}\./.test(path.basename(full)),
  }
  files.set(key, file)
  return file
}
