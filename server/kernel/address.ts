import { BlockList, isIP, SocketAddress } from 'node:net'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'

/** The groups of an IPv6 address by which one line is told from another: a network of 64 bits. */
const LINE_GROUPS = 4
const SITE_GROUPS = 3

/**
 * Peers whose X-Forwarded-For is believed: addresses and networks, checked once at the start. A
 * network of everybody is refused: whoever asked could name any address.
 */
export function proxies(list: readonly string[]): BlockList {
  const trusted = new BlockList()
  for (const entry of list) {
    const [, written = '', bits] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(entry) ?? []
    const address = plain(written)
    if (address === null || (bits !== undefined && isIP(address) !== isIP(written)))
      throw new Error(`TRUSTED_PROXIES: "${entry}" is no address or network`)
    if (bits === undefined) trusted.addAddress(address, familyOf(address))
    else if (Number(bits) < 1 || Number(bits) > (isIP(address) === 6 ? 128 : 32))
      throw new Error(`TRUSTED_PROXIES: "${entry}" has no such length of network`)
    else trusted.addSubnet(address, Number(bits), familyOf(address))
  }
  return trusted
}

/**
 * The client's address: the peer, or where a trusted proxy says it comes from, which is the last
 * one on its list that is no trusted proxy itself. What clients write in front of it counts for
 * nothing, nor does anything left of what is no address. Null where there is no connection (tests
 * in process).
 */
export function addressOf(c: Context, trusted: BlockList): string | null {
  const peer = peerOf(c)
  if (peer === null || !isTrusted(trusted, peer)) return peer
  let client = peer
  for (const hop of (c.req.header('x-forwarded-for') ?? '').split(',').reverse()) {
    const address = plain(withoutPort(hop.trim()))
    if (address === null) return client
    client = address
    if (!isTrusted(trusted, client)) return client
  }
  return client
}

/** What records keep of it: the network of 24 or 48 bits, as little as tells places apart. */
export function addressPrefix(address: string | null): string | null {
  if (address === null) return null
  if (isIP(address) === 4) return `${address.split('.').slice(0, 3).join('.')}.0`
  return `${groupsOf(address, SITE_GROUPS)}::`
}

/**
 * What limits count by: an IPv4 address, or an IPv6 network of 64 bits, of which one client has all
 * addresses (RFC 6177).
 */
export function lineOf(address: string): string {
  return isIP(address) === 6 ? groupsOf(address, LINE_GROUPS) : address
}

function peerOf(c: Context): string | null {
  const bindings: unknown = c.env
  const connected =
    typeof bindings === 'object' &&
    bindings !== null &&
    ('incoming' in bindings || 'server' in bindings)
  return connected ? plain(getConnInfo(c).remote.address ?? '') : null
}

/** `1.2.3.4:5` and `[2001:db8::1]:5` as some proxies write them. */
function withoutPort(hop: string): string {
  return /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(hop)?.[1] ?? /^\[(.+)\](?::\d+)?$/.exec(hop)?.[1] ?? hop
}

/** The one spelling of an address, without its IPv4-in-IPv6 dress; null for what is none. */
function plain(address: string): string | null {
  const family = isIP(address)
  if (family !== 6) return family === 4 ? address : null
  return new SocketAddress({ address, family: 'ipv6' }).address.replace(/^::ffff:(?=\d+\.)/, '')
}

/** The first groups of an IPv6 address, with what `::` leaves out as zeros. */
function groupsOf(address: string, count: number): string {
  const [head = '', tail = ''] = address.split('::')
  const before = head.split(':').filter((group) => group !== '')
  const after = tail.split(':').filter((group) => group !== '')
  const left = address.includes('::') ? Math.max(0, 8 - before.length - after.length) : 0
  return [...before, ...Array<string>(left).fill('0'), ...after].slice(0, count).join(':')
}

function isTrusted(trusted: BlockList, address: string): boolean {
  return trusted.check(address, familyOf(address))
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4'
}
