import { defineBatchFact, type FactReader } from '../model/fact.js';
import { shellLine } from '../util/shell.js';

/**
 * Whether a folder, or a link to one, stands at a path. Beside the path it depends on `folders:any`: what may make
 * folders that nobody has named (an installation, the start of a service) touches that.
 */
export const isFolder: FactReader<string, boolean> = defineBatchFact<string, boolean>({
  name: 'folder',
  key: (path) => path,
  topics: (path) => [`path:${path}`, 'folders:any'],
  command: (paths) => `for p in ${shellLine(...paths)}; do if [ -d "$p" ]; then echo 1; else echo 0; fi; done`,
  parse: ({ stdout }, paths) => {
    const answers = stdout.split('\n');
    return paths.map((_, index) => answers[index] === '1');
  },
});
