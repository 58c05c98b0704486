import { allEndpoints } from '@yiqi/shared/kernel/all-endpoints.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cast, newCast } from '../support/cast.ts'
import { type Ask, overHttp } from '../support/http.ts'

let cast: Cast
let ask: Ask
beforeAll(async () => {
  cast = await newCast()
  ask = overHttp(cast).ask
})
afterAll(() => cast.drop())

type Document = { openapi: string; paths: Record<string, Record<string, { summary: string }>> }

describe('the OpenAPI document', () => {
  it('is of version 3.1 and describes every endpoint by its method and path', async () => {
    const { body } = await ask(null, 'GET', '/openapi.json')
    const document = body as Document // what the assertions below look at
    expect(document.openapi).toBe('3.1.0')
    for (const endpoints of Object.values(allEndpoints)) {
      for (const { method, path, summary } of Object.values(endpoints)) {
        const at = `/api${path.replace(/:(\w+)/g, '{$1}')}`
        expect(document.paths[at]?.[method.toLowerCase()]?.summary).toBe(summary)
      }
    }
  })
})

describe('a read', () => {
  it('carries the platform’s time, and answers 304 to what the client has already', async () => {
    const first = await ask(null, 'GET', '/programmes')
    expect(first.headers.get('x-server-time')).toBe('2026-11-24T01:00:00.000Z')
    const etag = first.headers.get('etag') ?? ''
    const again = await ask(null, 'GET', '/programmes', { headers: { 'if-none-match': etag } })
    expect([again.status, again.text]).toEqual([304, ''])
    await cast.sql`update programmes set name = name || '（新）'`
    const changed = await ask(null, 'GET', '/programmes', { headers: { 'if-none-match': etag } })
    expect(changed.status).toBe(200)
  })
})
