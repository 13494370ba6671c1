import type { ListrRenderer } from 'listr2';
import { timedSync } from '../../util/timing.js';

/** Longest time between two pictures, in milliseconds. */
const FRAME_MS = 100;

export interface LiveOptions {
  /** Draws the current state. Called at most ten times a second. */
  readonly draw: () => void;
}

/**
 * A listr2 renderer that draws on a clock of its own, not on every event: with many hosts and tasks listr2's own
 * renderer wraps the whole tree again at each of them, and holds up the connections meanwhile.
 */
export class LiveRenderer implements ListrRenderer {
  static readonly nonTTY = true;
  static rendererOptions: LiveOptions;
  static rendererTaskOptions: Record<PropertyKey, never>;

  readonly #draw: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(_tasks: readonly unknown[], options: LiveOptions) {
    this.#draw = options.draw;
  }

  render = (): void => {
    this.#draw();
    this.#timer = setInterval(() => {
      timedSync('report', undefined, this.#draw);
    }, FRAME_MS).unref();
  };

  end = (): void => {
    clearInterval(this.#timer);
  };
}
