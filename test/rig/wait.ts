import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks again and again until there is an answer.
 * @param what named in the error, such as `web-01 answers on port 22`
 * @param milliseconds how long to go on asking
 * @param probe gives the answer, or undefined for "not yet"
 * @throws Error when the time is over.
 */
export async function waitFor<T>(
  what: string,
  milliseconds: number,
  probe: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  const end = Date.now() + milliseconds;
  for (;;) {
    const answer = await probe();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`waited ${milliseconds / 1000} s in vain until ${what}`);
    await sleep(25);
  }
}
