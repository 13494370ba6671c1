import { defineFact, type Read } from '../model/fact.js';
import { addresses, type NetworkAddress } from './addresses.js';
import { disks, type Disk } from './disks.js';
import { os } from './os.js';
import { virtualization, type Virtualization } from './virtualization.js';

/** What a host is, apart from its distribution. */
export interface Machine {
  readonly hostname: string;
  readonly kernel: string;
  /** As the kernel names it: `x86_64`, `aarch64`. */
  readonly architecture: string;
  /** Another one after each boot. */
  readonly bootId: string;
  readonly uptimeSeconds: number;
}

export interface Resources {
  /** That this host may use. */
  readonly processors: number;
  readonly processorModel: string | undefined;
  readonly memoryBytes: number;
  readonly memoryAvailableBytes: number;
  readonly swapBytes: number;
}

/** systemd as a whole; `version` is undefined where it is not there. */
export interface SystemdState {
  readonly version: string | undefined;
  /** `running`, `degraded`, `starting`; `offline` where it does not run. */
  readonly state: string;
  readonly failedUnits: readonly string[];
}

const machineFact = defineFact<null, Machine>({
  name: 'machine',
  live: true,
  key: () => '',
  command: () => ['uname -n; uname -r; uname -m', 'cat /proc/sys/kernel/random/boot_id', 'cut -d" " -f1 /proc/uptime'].join('\n'),
  parse: ({ stdout }) => {
    const [hostname = '', kernel = '', architecture = '', bootId = '', uptime = ''] = stdout.split('\n');
    return {
      hostname,
      kernel,
      architecture,
      bootId,
      uptimeSeconds: Math.floor(Number(uptime)),
    };
  },
});

const resourcesFact = defineFact<null, Resources>({
  name: 'resources',
  live: true,
  key: () => '',
  command: () => "nproc; sed -n 's/^model name[[:space:]]*: /model: /p' /proc/cpuinfo | head -n1; cat /proc/meminfo",
  parse: ({ stdout }) => {
    const kilobytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(stdout)?.[1] ?? 0);
    return {
      processors: Number.parseInt(stdout, 10),
      processorModel: /^model: (.*)$/m.exec(stdout)?.[1],
      memoryBytes: kilobytes('MemTotal') * 1024,
      memoryAvailableBytes: kilobytes('MemAvailable') * 1024,
      swapBytes: kilobytes('SwapTotal') * 1024,
    };
  },
});

const systemdFact = defineFact<null, SystemdState>({
  name: 'systemd',
  live: true,
  key: () => '',
  command: () =>
    [
      'command -v systemctl >/dev/null 2>&1 || exit 0',
      'systemctl --version | head -n1',
      // Its exit code repeats what it prints.
      'systemctl is-system-running 2>/dev/null || true',
      'systemctl list-units --state=failed --no-legend --plain 2>/dev/null || true',
    ].join('\n'),
  parse: ({ stdout }) => {
    const [first = '', state = '', ...failed] = stdout.split('\n');
    return {
      version: /^systemd (\S+)/.exec(first)?.[1],
      state: state === '' ? 'offline' : state,
      failedUnits: failed.map((line) => line.trim().split(/\s+/)[0] ?? '').filter((unit) => unit !== ''),
    };
  },
});

export const machine: Read<Machine> = machineFact(null);
export const resources: Read<Resources> = resourcesFact(null);
export const systemd: Read<SystemdState> = systemdFact(null);

/** What `provision facts` asks a host, all in one exchange. */
export const HOST_FACTS: {
  readonly os: typeof os;
  readonly machine: Read<Machine>;
  readonly virtualization: Read<Virtualization>;
  readonly resources: Read<Resources>;
  readonly addresses: Read<readonly NetworkAddress[]>;
  readonly disks: Read<readonly Disk[]>;
  readonly systemd: Read<SystemdState>;
} = { os, machine, virtualization, resources, addresses, disks, systemd };
