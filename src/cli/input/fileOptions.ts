import type { Options } from 'yargs';
import { single } from './values.js';

/** Where `provision schema` writes. */
export const SCHEMA_OPTIONS = {
  out: {
    alias: 'o',
    type: 'string',
    describe: 'The folder for them. Default: schema',
    requiresArg: true,
    coerce: single('--out'),
  },
} as const satisfies Record<string, Options>;

/** Where `provision graph` writes, and as what. */
export const GRAPH_OPTIONS = {
  out: {
    alias: 'o',
    type: 'string',
    describe: 'A file ending in .svg, .png, .mmd (Mermaid) or .dot (Graphviz). Default: Graphviz on standard output',
    requiresArg: true,
    coerce: single('--out'),
  },
} as const satisfies Record<string, Options>;
