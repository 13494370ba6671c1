import { defineFact, type Read } from '../model/fact.js';

/** A mounted file system that keeps data. */
export interface Disk {
  readonly device: string;
  readonly type: string;
  readonly mountPoint: string;
  readonly sizeBytes: number;
  readonly availableBytes: number;
  /** Whole percent, as df rounds it up. */
  readonly usedPercent: number;
}

// File systems that live in memory or in the kernel.
const NOT_DISKS = ['tmpfs', 'devtmpfs', 'squashfs', 'efivarfs', 'ramfs'];

const disksFact = defineFact<null, readonly Disk[]>({
  name: 'disks',
  key: () => '',
  command: () => `df -PTk ${NOT_DISKS.map((type) => `-x ${type}`).join(' ')} 2>/dev/null`,
  parse: ({ stdout }) => stdout.split('\n').slice(1).flatMap(parseLine),
});

/** The file systems of the task's own host. */
export const disks: Read<readonly Disk[]> = disksFact(null);

// Filesystem     Type 1024-blocks    Used Available Capacity Mounted on
const LINE = /^(.+?)\s+(\S+)\s+(\d+)\s+\d+\s+(\d+)\s+(\d+)%\s+(\/.*)$/;

function parseLine(line: string): readonly Disk[] {
  const match = LINE.exec(line);
  // What is mounted below /run belongs to the machine around a container.
  if (match === null || match[6]?.startsWith('/run/')) return [];
  const [, device = '', type = '', size, available, used, mountPoint = ''] = match;
  return [
    {
      device,
      type,
      mountPoint,
      sizeBytes: Number(size) * 1024,
      availableBytes: Number(available) * 1024,
      usedPercent: Number(used),
    },
  ];
}
