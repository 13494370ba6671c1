import { defineFact, type Read } from '../model/fact.js';

/** An address of a host's network interface. */
export interface NetworkAddress {
  readonly interface: string;
  readonly address: string;
  /** Bits of the network part: 24 in `10.0.0.11/24`. */
  readonly prefix: number;
  readonly family: 4 | 6;
  /** `global`, `link` or `host`. */
  readonly scope: string;
}

const addressesFact = defineFact<null, readonly NetworkAddress[]>({
  name: 'addresses',
  key: () => '',
  topics: () => ['network:*'],
  command: () => 'ip -o address show',
  parse: ({ stdout }) => stdout.split('\n').flatMap(parseLine),
});

/** The addresses of the task's own host but those of its loopback interface. */
export const addresses: Read<readonly NetworkAddress[]> = addressesFact(null);

/** Stand-ins while a playbook is checked before any host is contacted: nothing is known of its interfaces. */
export const ADDRESSES_SAMPLES: readonly [readonly NetworkAddress[]] = [[]];

// 2: eth0    inet 10.0.0.11/24 brd 10.0.0.255 scope global eth0\       valid_lft forever …
const LINE = /^\d+:\s+(\S+)\s+inet(6?)\s+([0-9a-f.:]+)(?:\s+peer\s+\S+?)?\/(\d+)\s.*?scope\s+(\S+)/;

function parseLine(line: string): readonly NetworkAddress[] {
  const match = LINE.exec(line);
  if (match === null) return [];
  const [, name = '', six, address = '', prefix, scope = ''] = match;
  return name === 'lo' ? [] : [{ interface: name, address, prefix: Number(prefix), family: six === '6' ? 6 : 4, scope }];
}
