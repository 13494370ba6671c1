/** How long a result may be used again, in milliseconds: long enough for the hosts of a run, too short to be out of date. */
const MOMENT_MS = 5000;

/**
 * Does work once for all that ask for it within a moment: hundreds of hosts are connected to at once, and the same files are read for
 * each of them. Failures are not kept.
 */
export function forAMoment<T>(work: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const results = new Map<string, { readonly since: number; readonly result: Promise<T> }>();
  return (key) => {
    const now = performance.now();
    const known = results.get(key);
    if (known !== undefined && now - known.since < MOMENT_MS) return known.result;
    const result = work(key);
    results.set(key, { since: now, result });
    result.catch(() => {
      if (results.get(key)?.result === result) results.delete(key);
    });
    return result;
  };
}
