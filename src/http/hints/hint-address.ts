/**
 * Which addresses a hint may be sent to: an address that a box names must not lead into our
 * network.
 */
import type { HintReach } from '../../flows/ports/hints-port';
import * as ipaddr from 'ipaddr.js';

export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
  readonly mayRetry = false;
}

/**
 * Loopback, private, link-local, shared, reserved, multicast and translated ranges are not public.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return parsed.range() === 'unicast' && !SPECIAL.some((one) => isWithin(parsed, one));
}

/** What the package takes for public: IPv4 written as IPv6 in the old way, a cloud's own host. */
const SPECIAL = ['::/96', '168.63.129.16/32'].map((text) => ipaddr.parseCIDR(text));

function isWithin(address: ipaddr.IPv4 | ipaddr.IPv6, range: (typeof SPECIAL)[number]): boolean {
  return address.kind() === range[0].kind() && address.match(range);
}

/**
 * Refuses an address written as numbers; a name is judged by `searchPublic`, at the moment at
 * which it is connected to, so that it cannot mean another machine a second later.
 * @throws AddressRefused
 */
export function requireReach(url: URL, reach: HintReach): void {
  if (!/^https?:$/.test(url.protocol)) throw new AddressRefused('Neither http nor https.');
  if (url.username !== '' || url.password !== '') throw new AddressRefused('It holds a user.');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (reach === 'public' && ipaddr.isValid(host) && !isPublicAddress(host)) {
    throw new AddressRefused('It is not a public address.');
  }
}
