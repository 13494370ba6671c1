/** A look that is taken again and again. */
export interface Watcher {
  /** Ends after a look that began after this call: a look under way may already have read what is no longer true. */
  refresh(): Promise<void>;
  stop(): void;
}

/** Takes a look now, and again `milliseconds` after each look began (or at once, if it took longer). `look` must not throw. */
export function watch(milliseconds: number, look: () => Promise<void>): Watcher {
  let current: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function run(): Promise<void> {
    clearTimeout(timer);
    const began = Date.now();
    await look();
    current = undefined;
    if (!stopped) timer = setTimeout(begin, Math.max(0, began + milliseconds - Date.now())).unref();
  }

  function begin(): void {
    current ??= run();
  }

  async function afterCurrent(): Promise<void> {
    await current;
    next = undefined;
    begin();
    await current;
  }

  begin();
  return {
    refresh: () => (next ??= afterCurrent()),
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
