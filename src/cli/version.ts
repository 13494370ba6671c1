import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../util/packageRoot.js';

/** This package's version. */
export function packageVersion(): string {
  const description: unknown = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
  const version = typeof description === 'object' && description !== null && 'version' in description && description.version;
  return typeof version === 'string' ? version : 'unknown';
}
