import { addressOf, addressPrefix, lineOf, proxies } from '@yiqi/server/kernel/address.ts'
import { newApp } from '@yiqi/server/kernel/serve.ts'
import { describe, expect, it } from 'vitest'

/** An application without routes; it never asks its world anything. */
const emptyApp = () => newApp({} as Parameters<typeof newApp>[0]).hono

async function from(peer: string | null, forwarded: string | null, trusted: string[] = []) {
  const app = emptyApp()
  app.get('/', (c) => c.text(addressOf(c, proxies(trusted)) ?? 'none'))
  const headers = forwarded === null ? {} : { 'x-forwarded-for': forwarded }
  const incoming = { socket: { remoteAddress: peer ?? undefined } }
  return (await app.request('/', { headers }, { incoming })).text()
}

const PROXY = ['10.0.0.0/8', '2001:db8:ffff::/48']

describe('the client’s address', () => {
  it.each([
    [
      'nobody is trusted: what the header says is ignored',
      '203.0.113.9',
      '1.2.3.4',
      [],
      '203.0.113.9',
    ],
    ['the peer is no proxy of ours', '203.0.113.9', '1.2.3.4', PROXY, '203.0.113.9'],
    ['one proxy', '10.0.0.1', '1.2.3.4', PROXY, '1.2.3.4'],
    [
      'a client that writes addresses in front',
      '10.0.0.1',
      '10.9.9.9, 9.9.9.9, 1.2.3.4',
      PROXY,
      '1.2.3.4',
    ],
    [
      'a client that claims to be a proxy',
      '10.0.0.1',
      '9.9.9.9, 10.0.0.3, 1.2.3.4, 10.0.0.7',
      PROXY,
      '1.2.3.4',
    ],
    [
      'a client inside the network of the proxies',
      '10.0.0.1',
      '10.7.7.7, 10.0.0.2',
      PROXY,
      '10.7.7.7',
    ],
    ['a proxy that sends no header', '10.0.0.1', null, PROXY, '10.0.0.1'],
    ['a proxy that sends an empty one', '10.0.0.1', '', PROXY, '10.0.0.1'],
    ['no address at the end of the list', '10.0.0.1', '1.2.3.4, unknown', PROXY, '10.0.0.1'],
    [
      'no address in front of a proxy',
      '10.0.0.1',
      '1.2.3.4, <script>, 10.0.0.7',
      PROXY,
      '10.0.0.7',
    ],
    ['ports', '10.0.0.1', '1.2.3.4:55102', PROXY, '1.2.3.4'],
    ['brackets and ports', '10.0.0.1', '[2001:db8::7]:443', PROXY, '2001:db8::7'],
    ['a peer in IPv4-in-IPv6 dress', '::ffff:10.0.0.1', '::FFFF:1.2.3.4', PROXY, '1.2.3.4'],
    ['a mapped address in hexadecimal', '10.0.0.1', '::ffff:102:304', PROXY, '1.2.3.4'],
    [
      'another spelling of an IPv6 address',
      '2001:db8:ffff::1',
      '2001:DB8:0:0::07',
      PROXY,
      '2001:db8::7',
    ],
    ['a link-local peer', 'fe80::1%eth0', null, PROXY, 'fe80::1'],
    ['a number too large', '10.0.0.1', '1.2.3.400', PROXY, '10.0.0.1'],
    ['ten thousand hops', '10.0.0.1', '9.9.9.9,'.repeat(10_000).slice(0, -1), PROXY, '9.9.9.9'],
  ])('%s', async (_, peer, forwarded, trusted, client) => {
    expect(await from(peer, forwarded, trusted)).toBe(client)
  })

  it('is nobody’s where there is no connection, or one that is gone', async () => {
    expect(await from(null, '1.2.3.4', PROXY)).toBe('none')
    const app = emptyApp()
    app.get('/', (c) => c.text(addressOf(c, proxies(PROXY)) ?? 'none'))
    expect(await (await app.request('/', {})).text()).toBe('none')
  })
})

describe('trusted proxies', () => {
  it.each([
    'everywhere',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/8/8',
    '2001:db8::/129',
    '::ffff:10.0.0.0/104',
    '10.0.0.1:80',
    '',
  ])('“%s” stops the start', (entry) => {
    expect(() => proxies([entry])).toThrow('TRUSTED_PROXIES')
  })

  it('can never be everybody', () => {
    expect(() => proxies(['0.0.0.0/0'])).toThrow('TRUSTED_PROXIES')
    expect(() => proxies(['::/0'])).toThrow('TRUSTED_PROXIES')
  })

  it('may be single addresses, in any dress', async () => {
    expect(await from('10.0.0.1', '1.2.3.4', ['10.0.0.1'])).toBe('1.2.3.4')
    expect(await from('10.0.0.1', '1.2.3.4', ['::ffff:10.0.0.1'])).toBe('1.2.3.4')
    expect(await from('10.0.0.2', '1.2.3.4', ['10.0.0.1'])).toBe('10.0.0.2')
  })
})

describe('an address is kept and counted by its network', () => {
  it.each([
    ['203.0.113.9', '203.0.113.0', '203.0.113.9'],
    ['2001:db8:1:2:3::5', '2001:db8:1::', '2001:db8:1:2'],
    ['2001:db8::5', '2001:db8:0::', '2001:db8:0:0'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1::', '2001:db8:1:2'],
    ['2001::a:b:c:d:e', '2001:0:0::', '2001:0:0:a'],
    ['::1', '0:0:0::', '0:0:0:0'],
  ])('%s: %s in records, %s for limits', (address, recorded, counted) => {
    expect(addressPrefix(address)).toBe(recorded)
    expect(lineOf(address)).toBe(counted)
  })

  it('all addresses of one IPv6 line are one', () => {
    expect(lineOf('2001:db8:1:2::1')).toBe(lineOf('2001:db8:1:2:ffff:ffff:ffff:ffff'))
    expect(lineOf('2001:db8:1:2::1')).not.toBe(lineOf('2001:db8:1:3::1'))
  })
})
