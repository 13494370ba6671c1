import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** How many processes this one starts while it does the work. */
export async function processesStarted(work: () => Promise<unknown>): Promise<number> {
  let started = 0;
  const onStart = (): void => {
    started++;
  };
  subscribe('child_process', onStart);
  try {
    await work();
  } finally {
    unsubscribe('child_process', onStart);
  }
  return started;
}
