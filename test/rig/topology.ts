/** A host of a rig. */
export interface RigHost {
  readonly name: string;
  /** The last part of its address. */
  readonly number: number;
  readonly groups: readonly string[];
}

const lb = (name: string, number: number): RigHost => ({ name, number, groups: ['lb'] });
const web = (name: string, number: number): RigHost => ({ name, number, groups: ['web', 'db'] });
const mon = (name: string, number: number): RigHost => ({ name, number, groups: ['mon'] });

/** The sets of hosts that a rig can have. */
export const topologies = {
  /** A load balancer and two web servers, which also hold the database. */
  plain: [lb('lb-01', 11), web('web-01', 21), web('web-02', 22)],
  /** The same with a second load balancer and a host that watches over all. */
  ha: [lb('lb-01', 11), lb('lb-02', 12), web('web-01', 21), web('web-02', 22), mon('mon-01', 31)],
} as const satisfies Record<string, readonly RigHost[]>;

/** The name of a set of hosts. */
export type Topology = keyof typeof topologies;

/** Whether a word names a set of hosts. */
export function isTopology(word: string): word is Topology {
  return word in topologies;
}
