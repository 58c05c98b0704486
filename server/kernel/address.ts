import { BlockList, isIP } from 'node:net'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'

/** Peers whose X-Forwarded-For is believed: addresses and networks, checked once at the start. */
export function proxies(list: readonly string[]): BlockList {
  const trusted = new BlockList()
  for (const entry of list) {
    const [address = '', bits] = entry.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (isIP(address) === 0) throw new Error(`TRUSTED_PROXIES: "${entry}" is no address or network`)
    if (bits === undefined) trusted.addAddress(address, family)
    else trusted.addSubnet(address, Number(bits), family)
  }
  return trusted
}

/**
 * The client's address: the peer, or where a trusted proxy says it comes from, which is the last
 * one on its list that is no trusted proxy itself. What clients write in front of it counts for
 * nothing. Null where there is no connection (tests in process) or no sense in it.
 */
export function addressOf(c: Context, trusted: BlockList): string | null {
  const peer = plain(peerOf(c))
  if (peer === null || !isTrusted(trusted, peer)) return peer
  const hops = (c.req.header('x-forwarded-for') ?? '').split(',').map((hop) => plain(hop.trim()))
  for (const hop of hops.reverse()) {
    if (hop === null) return peer
    if (!isTrusted(trusted, hop)) return hop
  }
  return peer
}

/** What records keep of it: the network of 24 or 48 bits, as little as tells places apart. */
export function addressPrefix(address: string | null): string | null {
  if (address === null) return null
  if (isIP(address) === 4) return `${address.split('.').slice(0, 3).join('.')}.0`
  const [head = ''] = address.split('::')
  const groups = head.split(':').filter((group) => group !== '')
  return `${[...groups, '0', '0', '0'].slice(0, 3).join(':')}::`
}

function peerOf(c: Context): string {
  try {
    return getConnInfo(c).remote.address ?? ''
  } catch {
    return '' // asked in process, without a connection
  }
}

/** An address without its IPv4-in-IPv6 dress; null for what is none. */
function plain(address: string): string | null {
  const bare = address.replace(/^::ffff:(?=\d+\.)/i, '')
  return isIP(bare) === 0 ? null : bare
}

function isTrusted(trusted: BlockList, address: string): boolean {
  return trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}
