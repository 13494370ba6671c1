import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A user's project in a folder of its own, outside the clone: playbooks and templates as given. */
export interface Project {
  readonly folder: string;
  /** Writes a file, and gives its path. */
  write(path: string, text: string): string;
  /** Writes a playbook of one play with these tasks (the code between the brackets), and gives its path. */
  playbook(name: string, options: { hosts?: string; imports: Readonly<Record<string, string>>; tasks: string }): string;
  remove(): void;
}

export function makeProject(): Project {
  const folder = mkdtempSync(join(tmpdir(), 'project-'));
  const write = (path: string, text: string) => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  return {
    folder,
    write,
    playbook: (name, { hosts = 'lb', imports, tasks }) =>
      write(
        `playbooks/${name}.ts`,
        [
          `import { z } from 'zod';`,
          `import { playbook } from 'provision/playbook';`,
          ...Object.entries(imports).map(([what, from]) => `import { ${what} } from '${from}';`),
          `export default playbook({`,
          `  vars: z.looseObject({}),`,
          `  groups: ['lb', 'web', 'db'],`,
          `  plays: [{ name: '${name}', hosts: '${hosts}', tasks: ({ host }) => [${tasks}] }],`,
          `});`,
        ].join('\n'),
      ),
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
