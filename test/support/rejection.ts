import { AssertionError } from 'chai';

/** The error that a promise is rejected with; an assertion fails where it is not. */
export async function rejection(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
  throw new AssertionError('expected a rejection');
}
