import { randomUUID } from 'node:crypto'
import { type FileLink, fileTypes, KeptFile, LinkInput } from '@yiqi/shared/kernel/files.ts'
import { type Issue, Refusal } from '@yiqi/shared/kernel/refusals.ts'
import { addressOf, addressPrefix } from './address.ts'
import { answerError } from './answer-error.ts'
import { isNotDone } from './connect.ts'
import { refusalOf } from './constraints.ts'
import { type Actor, allowPerson, asActor, type Ctx, iso, type Member, type Person } from './ctx.ts'
import { attachmentNamed } from './file-names.ts'
import { type FileInput, type FileStore, type Prepared, sha256Of } from './file-store.ts'
import { type Asked as AskedOnce, contentHash, inKeyedTransaction, once } from './idempotency.ts'
import type { Asked } from './limits.ts'
import { boundaryOf, type Field, readMultipart } from './read-multipart.ts'
import { type App, BODY_MAX_BYTES, send, type World } from './serve.ts'

/** What a form has beside its file: boundaries, heads, short fields. */
const FORM_BYTES = 16 * 1024
/** All uploads that are being read at one time; the next one is told to come again. */
const READING_MAX_BYTES = 512 * 1024 * 1024
/** How much of a form is looked through for its purpose before the file has come. */
const PEEK_BYTES = 8 * 1024

/** What is read of a field that is no file. */
const WORDS_MAX_BYTES = 1_000
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Served with every file: saved, never shown in place, whatever it holds (ASVS 3.2.1, 5.4.2). */
const DOWNLOAD = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "sandbox; default-src 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
}

type Framework = Parameters<typeof addressOf>[0]

/**
 * Files over HTTP, whatever module they are for:
 *
 * - `POST /api/files`, multipart/form-data with `purpose`, `file` and perhaps `name`, for what the
 *   file is to be called: answers a `KeptFile`. With an idempotency key the same file is kept once.
 * - `POST /api/files/:id/links`, a `LinkInput`: answers a `FileLink`.
 * - `GET /api/file-links/:code`: the file, without a token.
 *
 * Refuses what `keepFile`, `linkTo` and `openLink` refuse, kernel.not_multipart, invalid_input,
 * kernel.file_infected, and kernel.busy while too many large files are on their way.
 */
export function fileRoutes(app: App, store: FileStore): void {
  const { world } = app
  const reading = { bytes: 0 }
  const answering = async (c: Framework, asked: Asked, work: (ctx: Ctx) => Promise<Response>) => {
    const requestId = randomUUID()
    try {
      const address = addressOf(c, world.trustedProxies)
      const ctx = await ctxOf(world, c.req.raw, { requestId, address: addressPrefix(address) })
      const { actor } = ctx
      // Real time: limits are of no clock that is set.
      const seconds = world.limits?.check({ action: asked, actor, address, nowMs: Date.now() })
      if (typeof seconds === 'number') return tooMany(ctx, world, seconds)
      return await work(ctx)
    } catch (error) {
      return failed(world, requestId, error)
    }
  }
  app.hono.post('/api/files', (c) =>
    answering(c, 'files.keep', (ctx) => upload(ctx, world, store, { request: c.req.raw, reading })),
  )
  app.hono.post('/api/files/:id/links', (c) =>
    answering(c, 'files.link', (ctx) =>
      makeLink(ctx, world, store, { request: c.req.raw, id: c.req.param('id') }),
    ),
  )
  app.hono.get('/api/file-links/:code', (c) =>
    answering(c, 'files.open', (ctx) =>
      download(ctx, world, store, { request: c.req.raw, code: c.req.param('code') }),
    ),
  )
}

async function upload(
  ctx: Ctx,
  world: World,
  store: FileStore,
  { request, reading }: { request: Request; reading: { bytes: number } },
): Promise<Response> {
  const person = allowPerson(ctx)
  const key = request.headers.get('idempotency-key')
  if (key !== null && !/^[\x21-\x7e]{8,80}$/.test(key)) throw new Refusal('kernel.key_malformed')
  const boundary = boundaryOf(request.headers.get('content-type') ?? '')
  const expected = Number(request.headers.get('content-length') ?? store.maxBytes() + FORM_BYTES)
  const possible = Number.isSafeInteger(expected) && expected >= 0
  if (!possible || expected > store.maxBytes() + FORM_BYTES)
    throw new Refusal('kernel.file_too_large')
  if (reading.bytes + expected > READING_MAX_BYTES) throw new Refusal('kernel.busy')
  reading.bytes += expected
  try {
    const body = await readBody(request, store, expected)
    const input = inputOf(store, person, readMultipart(body, boundary))
    const kept = await keep(ctx, store, input, key)
    if (kept.state === 'refused') throw new Refusal('kernel.file_infected')
    return send(world, ctx.requestId, 200, JSON.stringify(kept))
  } finally {
    reading.bytes -= expected
  }
}

/**
 * Reads as far as the purpose allows: it usually stands before the file, and then its limit holds
 * from there on. The memory is asked for once; what is not filled costs nothing.
 */
async function readBody(request: Request, store: FileStore, expected: number): Promise<Buffer> {
  const body = Buffer.allocUnsafeSlow(expected)
  let [size, limit, peeked] = [0, expected, false]
  const reader = request.body?.getReader()
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    if (size + part.value.byteLength > limit) {
      await reader?.cancel()
      throw new Refusal('kernel.file_too_large')
    }
    body.set(part.value, size)
    size += part.value.byteLength
    if (peeked) continue
    const start = body.subarray(0, Math.min(size, PEEK_BYTES)).toString('latin1')
    const name = /name="purpose"\r\n\r\n([\w-]{1,40})\r\n/.exec(start)?.[1]
    const purpose = name === undefined ? null : store.purpose(name)
    if (purpose !== null) limit = Math.min(limit, purpose.maxBytes + FORM_BYTES)
    peeked = purpose !== null || size >= PEEK_BYTES
  }
  return body.subarray(0, size)
}

function inputOf(store: FileStore, person: Member | Person, fields: readonly Field[]): FileInput {
  const field = (name: string) => fields.find((each) => each.name === name)
  const strange = fields.filter(({ name }) => !['purpose', 'file', 'name'].includes(name))
  if (strange.length > 0)
    throw invalid(...strange.map(({ name }) => issue(name.slice(0, 40), '不认识的字段')))
  const words = (name: string) => field(name)?.bytes.subarray(0, WORDS_MAX_BYTES).toString('utf8')
  const purpose = words('purpose') ?? ''
  const file = field('file')
  if (file === undefined) throw invalid(issue('file', '必填'))
  if (store.purpose(purpose) === null) throw invalid(issue('purpose', '没有这个用途'))
  const name = words('name') ?? file.fileName
  if (name === null || name === '') throw invalid(issue('file', '须有文件名'))
  return {
    ownerId: person.userId,
    organisationId: person.kind === 'member' ? person.organisationId : null,
    purpose,
    name,
    bytes: file.bytes,
    declared: file.declared,
  }
}

/** With a key, once: where it was kept before, what was prepared meanwhile goes again. */
async function keep(
  ctx: Ctx,
  store: FileStore,
  input: FileInput,
  key: string | null,
): Promise<KeptFile> {
  let prepared: Prepared | null = null
  const prepare = async (own: Ctx) => {
    const made = await store.prepareFile(own, input)
    prepared = made
    return (tx: Ctx) => store.insertPrepared(tx, made)
  }
  const drop = async () => prepared === null || store.dropPrepared(prepared)
  try {
    if (key === null) return await asActor(ctx, await prepare(ctx))
    const kept = await once(ctx, await askedOf(input, key), async (own, about) =>
      inKeyedTransaction(await prepare(own))(own, about),
    )
    const file = KeptFile.parse(JSON.parse(kept.body))
    if (file.id !== idOf(prepared)) await drop()
    return file
  } catch (error) {
    // In doubt its row may be there: the upkeep will know.
    if (refusalOf(error) !== null || isNotDone(error)) await drop()
    throw error
  }
}

function idOf(prepared: Prepared | null): string | null {
  return prepared === null ? null : prepared.kept.id
}

async function askedOf(
  { purpose, name, bytes, ownerId }: FileInput,
  key: string,
): Promise<AskedOnce> {
  const endpoint = 'POST /files'
  const hash = contentHash(endpoint, { purpose, name, sha256: await sha256Of(bytes) })
  return { owner: ownerId, key, endpoint, hash }
}

async function makeLink(
  ctx: Ctx,
  world: World,
  store: FileStore,
  { request, id }: { request: Request; id: string },
): Promise<Response> {
  allowPerson(ctx)
  const { once } = linkInput(await jsonOf(request))
  if (!UUID.test(id)) throw new Refusal('kernel.no_such_file')
  const input = { fileId: id, ...(once === undefined ? {} : { once }) }
  const made = await asActor(ctx, (own) => store.linkTo(own, input))
  const { code, expiresAt } = made
  const link: FileLink = {
    path: `/api/file-links/${code}`,
    once: made.once,
    expiresAt: iso(expiresAt),
  }
  return send(world, ctx.requestId, 200, JSON.stringify(link))
}

/** A look at the head only would use the link up: it is not answered. */
async function download(
  ctx: Ctx,
  world: World,
  store: FileStore,
  { request, code }: { request: Request; code: string },
): Promise<Response> {
  if (request.method !== 'GET') throw new Refusal('kernel.no_such_path')
  const file = await store.openLink(ctx, code)
  const broken = (error: unknown) => answerError(error, ctx.requestId, world.log)
  return new Response(streamOf(file.content, broken), {
    headers: {
      ...DOWNLOAD,
      'content-type': fileTypes[file.type].media,
      'content-length': String(file.bytes),
      'content-disposition': attachmentNamed(file.name),
      'x-request-id': ctx.requestId,
    },
  })
}

/** Chunks as the reader takes them; a fault is logged and breaks the download off. */
function streamOf(
  content: AsyncGenerator<Uint8Array>,
  failed: (error: unknown) => void,
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        try {
          const { value, done } = await content.next()
          if (done) controller.close()
          else controller.enqueue(value)
        } catch (error) {
          failed(error)
          controller.error(error)
        }
      },
      cancel: async () => void (await content.return(undefined)),
    },
    { highWaterMark: 1 },
  )
}

async function jsonOf(request: Request): Promise<unknown> {
  const declared = Number(request.headers.get('content-length') ?? 0)
  if (declared > BODY_MAX_BYTES) throw new Refusal('kernel.body_too_large')
  const text = await request.text()
  if (text.length > BODY_MAX_BYTES) throw new Refusal('kernel.body_too_large')
  try {
    return text === '' ? {} : JSON.parse(text)
  } catch {
    throw new Refusal('kernel.not_json')
  }
}

function linkInput(raw: unknown): { once?: boolean | undefined } {
  const result = LinkInput.safeParse(raw)
  if (result.success) return result.data
  throw invalid(...result.error.issues.map(({ path }) => issue(path.join('.'), '内容不正确')))
}

async function ctxOf(
  world: World,
  request: Request,
  from: Pick<Ctx, 'requestId' | 'address'>,
): Promise<Ctx> {
  const { sql, demo, log, vault } = world
  const actor = await actorOf(world, request)
  return { sql, actor, now: world.clock.now, demo, log, vault, ...from }
}

function failed(world: World, requestId: string, error: unknown): Response {
  const { status, body } = answerError(error, requestId, world.log)
  return send(world, requestId, status, JSON.stringify(body))
}

function tooMany({ requestId }: Ctx, world: World, seconds: number): Response {
  const response = failed(world, requestId, new Refusal('kernel.too_many'))
  response.headers.set('retry-after', String(seconds))
  return response
}

/** A stale token makes a visitor of its bearer; for all but links that is not enough. */
async function actorOf(world: World, request: Request): Promise<Actor> {
  const bearer = /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1]
  if (bearer === undefined) return { kind: 'visitor' }
  const membershipId = request.headers.get('x-acting-for')
  if (membershipId !== null && !UUID.test(membershipId))
    throw new Refusal('identity.no_such_membership')
  try {
    return await world.actorOf(bearer, { membershipId, fresh: true })
  } catch (error) {
    if (request.method === 'GET' && error instanceof Refusal) return { kind: 'visitor' }
    throw error
  }
}

function invalid(...issues: Issue[]): Refusal {
  return new Refusal('invalid_input', issues)
}

function issue(path: string, message: string): Issue {
  return { path, message }
}
