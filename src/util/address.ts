import { isIP, isIPv6 } from 'node:net';

/** A host name in lower case, or an address in its shortest form: `FD00:0:0::1` is `fd00::1`. */
export function canonicalName(name: string): string {
  return isIPv6(name) ? new URL(`http://[${name}]`).hostname.slice(1, -1) : name.toLowerCase();
}

/** Whether a name is an IPv4 or IPv6 address. */
export function isAddress(name: string): boolean {
  return isIP(name) !== 0;
}
