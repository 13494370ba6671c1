/** Milliseconds between two looks. */
const EVERY_MS = 25;

/**
 * Waits until `look` gives something other than `undefined`, and gives it back. What `look` throws counts as "not yet".
 * @throws when it does not come within `milliseconds`, with what is waited for and the last error.
 */
export async function until<T>(what: string, look: () => Promise<T | undefined>, milliseconds = 8_000): Promise<T> {
  const end = Date.now() + milliseconds;
  let last: unknown;
  while (Date.now() < end) {
    try {
      const found = await look();
      if (found !== undefined) return found;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
  throw new Error(`${what}: not within ${milliseconds} ms`, { cause: last });
}
