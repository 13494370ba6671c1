import { defineBatchFact, type Read } from '../model/fact.js';
import { quote } from '../util/shell.js';

/**
 * The names of what stands in a folder, the last changed first; hidden ones are left out, and names with a newline in
 * them. Empty where there is no such folder. Its topic is `entries:FOLDER`: what tasks put there does not touch it.
 */
export const folderEntries: (path: string, options?: { host?: string }) => Read<readonly string[]> = defineBatchFact<
  string,
  readonly string[]
>({
  name: 'entries',
  key: (path) => path,
  topics: (path) => [`entries:${path}`],
  command: (paths) =>
    [
      'e() { find "$1/" -mindepth 1 -maxdepth 1 ! -name ".*" ! -name "*\n*" -printf "%T@ %f\\n" 2>/dev/null | LC_ALL=C sort -k 1,1nr -k 2; echo =; }',
      ...paths.map((path) => `e ${quote(path)}`),
    ].join('\n'),
  parse: ({ stdout }, paths) => {
    const parts = stdout.split(/^=\n/m);
    return paths.map((_, index) =>
      (parts[index] ?? '').split('\n').flatMap((line) => (line === '' ? [] : [line.slice(line.indexOf(' ') + 1)])),
    );
  },
});
