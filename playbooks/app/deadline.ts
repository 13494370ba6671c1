/** Something did not answer in time. */
class DeadlineError extends Error {
  readonly code = 'DEADLINE';

  constructor(milliseconds: number) {
    super(`no answer within ${milliseconds} ms`);
  }
}

/**
 * The promise's result if it comes in time. What the promise does later is not stopped: its owner must give up the
 * connection that it holds. @throws {DeadlineError} when it does not come in time.
 */
export async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new DeadlineError(milliseconds));
    }, milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
