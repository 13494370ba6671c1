import { BlockList, isIP } from 'node:net';

/** Addresses and networks as rules name them, by their family. */
export interface Sources {
  readonly ipv4: readonly string[];
  readonly ipv6: readonly string[];
}

/** Whether it is an address or a network of IPv4 or IPv6, and no name. */
export function isNetwork(text: string): boolean {
  const { prefix, family } = parts(text);
  return family !== 0 && Number.isInteger(prefix) && prefix >= 0 && prefix <= (family === 4 ? 32 : 128);
}

/** Sorts sources by family, without what is within another one: nftables refuses sets that overlap. */
export function sourcesOf(all: readonly string[]): Sources {
  const unique = [...new Set(all)].filter((one) => !all.some((other) => other !== one && holds(other, one)));
  const sorted = unique.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return {
    ipv4: sorted.filter((one) => parts(one).family === 4),
    ipv6: sorted.filter((one) => parts(one).family === 6),
  };
}

/** Whether a network contains another one, and is not the same. */
function holds(network: string, other: string): boolean {
  const [outer, inner] = [parts(network), parts(other)];
  if (outer.family !== inner.family || outer.prefix >= inner.prefix) return false;
  const list = new BlockList();
  const family = outer.family === 4 ? 'ipv4' : 'ipv6';
  list.addSubnet(outer.address, outer.prefix, family);
  return list.check(inner.address, family);
}

function parts(text: string): { readonly address: string; readonly prefix: number; readonly family: number } {
  const [address = '', bits] = text.split('/');
  const family = isIP(address);
  return { address, family, prefix: bits === undefined ? (family === 4 ? 32 : 128) : /^\d+$/.test(bits) ? Number(bits) : NaN };
}
