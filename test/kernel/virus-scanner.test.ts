import { createServer } from 'node:net'
import { loadConfig } from '@yiqi/server/kernel/config.ts'
import { scannerAt, type Verdict } from '@yiqi/server/kernel/virus-scanner.ts'
import { afterEach, describe, expect, it } from 'vitest'
import { type Clamd, EICAR, startClamd } from '../support/clamd.ts'

let clamd: Clamd | null = null
afterEach(async () => {
  await clamd?.stop()
  clamd = null
})

async function scan(
  how: Parameters<typeof startClamd>[0],
  content: Iterable<Uint8Array>,
): Promise<Verdict> {
  clamd = await startClamd(how)
  return scannerAt(clamd.address, 300)(content)
}

describe('the scanner', () => {
  it('lets a clean content pass, of any size', async () => {
    expect(await scan({}, [Buffer.from('clean')])).toEqual({ kind: 'clean' })
    expect(await scannerAt(clamd?.address ?? { path: '' })([])).toEqual({ kind: 'clean' })
    const large = Array.from({ length: 5 }, () => Buffer.alloc(1_000_000))
    expect(await scannerAt(clamd?.address ?? { path: '' })(large)).toEqual({ kind: 'clean' })
    expect(clamd?.asked()).toBe(3)
  })

  it('finds what stands across two pieces, and names it', async () => {
    const pieces = [Buffer.alloc(70_000), EICAR.subarray(0, 30), EICAR.subarray(30)]
    expect(await scan({}, pieces)).toEqual({ kind: 'found', virus: 'Eicar-Test-Signature' })
  })

  it.each([
    ['is larger than it takes', { maxBytes: 1_000 }],
    ['makes it fail', { word: 'stream: Can’t allocate memory ERROR' }],
    ['it says something unknown about', { word: 'stream: OK?' }],
    ['it says nothing about', { word: '' }],
    ['it never answers about', { silent: true as const }],
  ])('knows nothing of a content that %s', async (_, how) => {
    expect(await scan(how, [Buffer.alloc(5_000)])).toMatchObject({ kind: 'unanswered' })
  })

  it('knows nothing where it is not there, or hangs up before its word is whole', async () => {
    expect(await scannerAt({ path: '/nowhere/clamd.sock' })([EICAR])).toMatchObject({
      kind: 'unanswered',
    })
    const server = createServer((socket) => socket.end('stream: OK'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number } // listens on a port
    const verdict = await scannerAt({ host: '127.0.0.1', port })([EICAR])
    server.close()
    expect(verdict).toMatchObject({ kind: 'unanswered' })
  })

  it('is found by CLAMD_ADDRESS, as a socket or as host and port; nothing said is no scanner', () => {
    const of = (value: string) => loadConfig({ CLAMD_ADDRESS: value }).clamd
    expect(loadConfig({}).clamd).toBeNull()
    expect(of('/run/clamav/clamd.ctl')).toEqual({ path: '/run/clamav/clamd.ctl' })
    expect(of('unix:/run/clamd.ctl')).toEqual({ path: '/run/clamd.ctl' })
    expect(of('127.0.0.1:3310')).toEqual({ host: '127.0.0.1', port: 3310 })
    expect(of('[::1]:3310')).toEqual({ host: '::1', port: 3310 })
    for (const wrong of ['clamd', 'clamd:0', 'clamd:99999', 'http://clamd:3310'])
      expect(() => of(wrong), wrong).toThrow('CLAMD_ADDRESS')
  })
})
