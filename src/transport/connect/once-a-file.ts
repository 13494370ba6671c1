import { statSync } from 'node:fs';

/**
 * Does work once for a file, and again when the file has changed: hundreds of hosts are connected to at once, and the same files are
 * read for each of them. Failures are not kept. `besides` names further files that it depends on.
 */
export function onceAFile<T>(
  work: (path: string) => Promise<T>,
  besides: (path: string) => readonly string[] = () => [],
): (path: string) => Promise<T> {
  const results = new Map<string, { readonly stamp: string; readonly result: Promise<T> }>();
  return (path) => {
    const stamp = [path, ...besides(path)].map(stampOf).join(' ');
    const known = results.get(path);
    if (known?.stamp === stamp) return known.result;
    const result = work(path);
    results.set(path, { stamp, result });
    result.catch(() => {
      if (results.get(path)?.result === result) results.delete(path);
    });
    return result;
  };
}

/** What changes when a file does. It is asked for without a thread, which takes a tenth of the time. */
function stampOf(path: string): string {
  try {
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
    return stat === undefined ? 'absent' : `${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}`;
  } catch (error) {
    return String(error);
  }
}
