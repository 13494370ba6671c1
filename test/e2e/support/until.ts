import { setTimeout as delay } from 'node:timers/promises';

/** Asks until the answer is there; fails with the last error after the given time. */
export async function until<T>(question: () => Promise<T | undefined | false>, seconds = 30): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    let last: unknown = 'no';
    try {
      const answer = await question();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`it did not come within ${seconds} s; last: ${String(last)}`);
    await delay(100);
  }
}
