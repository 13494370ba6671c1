/** The hosts of a play in batches: all at once, so many at a time, or a share of them (at least one). */
export function batchesOf<T>(hosts: readonly T[], serial: number | `${number}%` | undefined): readonly (readonly T[])[] {
  const size =
    serial === undefined
      ? hosts.length
      : typeof serial === 'number'
        ? serial
        : Math.floor((hosts.length * Number(serial.slice(0, -1))) / 100);
  const step = Math.max(1, size);
  return Array.from({ length: Math.ceil(hosts.length / step) }, (_, index) => hosts.slice(index * step, (index + 1) * step));
}
