import { defineFact, type Read } from '../model/fact.js';

/** What a host runs in, as systemd-detect-virt says: `none` on bare metal, `kvm`, `systemd-nspawn`, `lxc` … */
export interface Virtualization {
  readonly name: string;
  /** A container shares its machine's kernel and clock, so it cannot set them. */
  readonly container: boolean;
}

const fact = defineFact<null, Virtualization>({
  name: 'virtualization',
  live: true,
  key: () => '',
  topics: () => ['machine:virtualization'],
  command: () => 'systemd-detect-virt; systemd-detect-virt --container --quiet && echo container',
  parse: ({ stdout }) => {
    const [name = 'none', container] = stdout.split('\n');
    return { name: name === '' ? 'none' : name, container: container === 'container' };
  },
});

/** What the task's own host runs in. */
export const virtualization: Read<Virtualization> = fact(null);

/** Stand-ins while a playbook is checked before any host is contacted. */
export const VIRTUALIZATION_SAMPLES: readonly [Virtualization, ...Virtualization[]] = [
  { name: 'kvm', container: false },
  { name: 'systemd-nspawn', container: true },
];
