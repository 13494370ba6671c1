import { EXIT } from './exitCodes.js';

export interface Interrupt {
  /** Aborted by the first Ctrl-C (or SIGTERM, SIGHUP). */
  readonly signal: AbortSignal;
  /** Does what a Ctrl-C does. */
  readonly trigger: () => void;
  /** Gives the signals back. */
  readonly release: () => void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The first Ctrl-C asks the work to end in order; the second one leaves at once. */
export function interruptible(onFirst: () => void): Interrupt {
  const controller = new AbortController();
  const trigger = (): void => {
    // The 'exit' listeners, which restore the terminal, still run.
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    onFirst();
    controller.abort();
  };
  for (const signal of SIGNALS) process.on(signal, trigger);
  return {
    signal: controller.signal,
    trigger,
    release: () => {
      for (const signal of SIGNALS) process.removeListener(signal, trigger);
    },
  };
}
