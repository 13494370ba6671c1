import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageRoot } from './packageRoot.js';

/** The names under which this package's modules may be imported (`provision/…`, as package.json's `exports` has them), and the compiled file behind each. */
export function publicFiles(): ReadonlyMap<string, string> {
  const root = packageRoot();
  const { name, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    name: string;
    exports: Record<string, string>;
  };
  return new Map(
    Object.entries(exports).flatMap(([from, to]) => {
      const file = join(root, to);
      return from.endsWith('/*')
        ? below(`${name}${from.slice(1, -1)}`, dirname(file))
        : [[`${name}${from.slice(1)}`, file] as const];
    }),
  );
}

function below(head: string, folder: string): readonly (readonly [string, string])[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js'))
    .map((file) => [`${head}${file.slice(0, -'.js'.length)}`, join(folder, file)]);
}
