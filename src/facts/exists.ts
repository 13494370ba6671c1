import { defineBatchFact, type Read } from '../model/fact.js';
import { shellLine } from '../util/shell.js';

/**
 * Whether anything stands at a path, a link that leads nowhere included. For guards: unlike `fileState` it can be
 * predicted where only the existence is known.
 */
export const pathExists: (path: string, options?: { host?: string }) => Read<boolean> = defineBatchFact<string, boolean>({
  name: 'exists',
  key: (path) => path,
  topics: (path) => [`path:${path}`],
  command: (paths) => `for p in ${shellLine(...paths)}; do if [ -e "$p" ] || [ -L "$p" ]; then echo 1; else echo 0; fi; done`,
  parse: ({ stdout }, paths) => {
    const answers = stdout.split('\n');
    return paths.map((_, index) => answers[index] === '1');
  },
});
