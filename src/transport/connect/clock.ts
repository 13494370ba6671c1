/** Measures the time that a connection may take; it stands still while a person is asked something. */
export interface Clock {
  /** Seconds that it was set to. */
  readonly seconds: number;
  /** Seconds left. */
  remaining(): number;
  /** Whether the time is up. */
  expired(): boolean;
  /** Calls back once when the time is up, soon where it is already. The result takes it back. */
  onExpired(callback: () => void): () => void;
  /** Gives the whole time again. */
  restart(): void;
  /** Stops the time until the work is done. */
  paused<T>(work: () => Promise<T>): Promise<T>;
  /** Ends it: nothing is called back any more. */
  stop(): void;
}

/** Starts a clock. */
export function startClock(seconds: number): Clock {
  const callbacks = new Set<() => void>();
  let left = seconds * 1000;
  let startedAt = performance.now();
  let pauses = 0;
  let stopped = false;
  let up = false;
  let timer: NodeJS.Timeout | undefined;

  const remaining = (): number => Math.max(0, pauses > 0 ? left : left - (performance.now() - startedAt));
  const run = (): void => {
    if (stopped) return;
    startedAt = performance.now();
    timer = setTimeout(() => {
      // Timers may ring a moment early by this clock.
      up = true;
      for (const callback of [...callbacks]) callback();
    }, left);
  };
  run();
  return {
    seconds,
    remaining: () => remaining() / 1000,
    expired: () => up || remaining() <= 0,
    onExpired(callback) {
      callbacks.add(callback);
      // Who asks too late is told as well.
      if (up) {
        setImmediate(() => {
          if (callbacks.has(callback)) callback();
        });
      }
      return () => void callbacks.delete(callback);
    },
    restart() {
      clearTimeout(timer);
      up = false;
      left = seconds * 1000;
      if (pauses === 0) run();
    },
    async paused(work) {
      if (pauses === 0) {
        left = remaining();
        clearTimeout(timer);
      }
      pauses++;
      try {
        return await work();
      } finally {
        if (--pauses === 0) run();
      }
    },
    stop() {
      stopped = true;
      callbacks.clear();
      clearTimeout(timer);
    },
  };
}
