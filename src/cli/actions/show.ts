import { coloursFor, type Colours } from '../../report/colours.js';
import { pad } from '../../report/width.js';
import { explain } from '../errors/explain.js';

/** Columns and colours for a line a host. */
export interface HostLines {
  readonly colours: Colours;
  /** `web-01  ok           …`. */
  line(host: string, word: 'ok' | 'failed', text: string): string;
  /** A host's error under its line. */
  error(host: string, error: unknown): string;
}

export function hostLines(hosts: readonly string[], verbose: number): HostLines {
  const colours = coloursFor(process.stdout);
  const widest = Math.max(...hosts.map((host) => host.length), 0);
  const line: HostLines['line'] = (host, word, text) =>
    `${pad(host, widest)}  ${(word === 'ok' ? colours.green : colours.red)(pad(word, 6))}  ${text}\n`;
  return {
    colours,
    line,
    error: (host, error) =>
      `${line(host, 'failed', '').trimEnd()}\n${explain(error, { colours, verbose })
        .split('\n')
        .map((text) => `    ${text}`)
        .join('\n')}\n`,
  };
}

/** An error as JSON tells it. */
export function errorFields(error: unknown): { readonly error: string; readonly hint?: string } {
  const hint = error instanceof Error && 'hint' in error && typeof error.hint === 'string' ? { hint: error.hint } : {};
  return { error: error instanceof Error ? error.message : String(error), ...hint };
}
