import { usedSubnets } from './network.js';
import { shortId } from './paths.js';
import { readState, rigNames } from './state.js';

/**
 * The /24 of a new rig: the given one, or the first free one in 10.79, beginning at a number of its name's own, so that
 * a rig mostly gets the same addresses again.
 * @throws Error when the given one is in use.
 */
export async function chooseSubnet(rig: { readonly name: string; readonly subnet?: string | undefined }): Promise<string> {
  const others = await Promise.all((await rigNames()).filter((name) => name !== rig.name).map(readState));
  const used = new Set([...(await usedSubnets()), ...others.flatMap((state) => (state === undefined ? [] : [state.subnet]))]);
  if (rig.subnet !== undefined) {
    if (used.has(rig.subnet))
      throw new Error(`the network ${rig.subnet}.0/24 is in use on this machine; choose another with --subnet`);
    return rig.subnet;
  }
  const first = rig.name === 'rig' ? 0 : parseInt(shortId(rig.name), 16);
  for (let step = 0; step < 256; step++) {
    const subnet = `10.79.${(first + step) % 256}`;
    if (!used.has(subnet)) return subnet;
  }
  throw new Error('no free network in 10.79.0.0/16; give one with --subnet');
}
