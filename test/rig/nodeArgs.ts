import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * Node's arguments that run another module of this folder: compiled beside this one, or as TypeScript where this one
 * is run so.
 */
export function nodeArgs(module: string): string[] {
  const source = import.meta.url.endsWith('.ts');
  const file = fileURLToPath(new URL(`./${module}${source ? '.ts' : '.js'}`, import.meta.url));
  return source ? ['--import', createRequire(import.meta.url).resolve('tsx'), file] : [file];
}
