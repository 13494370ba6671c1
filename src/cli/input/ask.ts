import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { InputError } from '../../model/errors.js';
import { oneLine } from '../../report/text.js';
import { Secret } from '../../util/secret.js';
import { Interrupted } from '../errors/explain.js';

/** Questions go to standard error, so that standard output stays what it is. */
const screen = process.stderr;

/** Whether there is somebody to ask. */
export function canAsk(): boolean {
  return process.stdin.isTTY;
}

/** Asks for a line. */
function askLine(question: string): Promise<string> {
  return ask(question, true);
}

/**
 * Asks for a secret, which is not shown while it is typed. Where standard input is not a terminal, a line is read from
 * it, so that a password manager can be piped in.
 */
export async function askSecret(question: string): Promise<Secret> {
  return new Secret(await ask(question, false));
}

/** Asks whether a task may make its changes (`--step`). */
export async function askStep(
  host: string,
  task: string,
  summary: readonly string[],
): Promise<'yes' | 'no' | 'continue' | 'interrupted'> {
  const what = summary.length === 0 ? '' : ` — ${summary.map(oneLine).join(', ')}`;
  for (;;) {
    try {
      const answer = (await askLine(`${host}: ${oneLine(task)}${what}\nDo it? (y)es, (n)o, (c)ontinue without asking: `)).trim();
      const meant = (['yes', 'no', 'continue'] as const).find((word) => answer !== '' && word.startsWith(answer.toLowerCase()));
      if (meant !== undefined) return meant;
    } catch (error) {
      if (error instanceof Interrupted) return 'interrupted';
      throw error;
    }
  }
}

function ask(question: string, echo: boolean): Promise<string> {
  return canAsk() ? askTerminal(question, echo) : nextPipedLine(question);
}

function askTerminal(question: string, echo: boolean): Promise<string> {
  const silent = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  const reader = createInterface({ input: process.stdin, output: echo ? screen : silent, terminal: true, historySize: 0 });
  // Only now does the terminal itself echo nothing any more.
  screen.write(question);
  return new Promise((resolve, reject) => {
    reader.once('line', (line) => {
      if (!echo) screen.write('\n');
      resolve(line);
      reader.close();
    });
    reader.once('SIGINT', () => {
      screen.write('\n');
      reject(new Interrupted());
      reader.close();
    });
    // Ctrl-D: an end without a line.
    reader.once('close', () => {
      reject(new InputError(`no answer to "${question.trim()}"`));
    });
  });
}

let piped: { readonly reader: Interface; readonly lines: AsyncIterator<string> } | undefined;

async function nextPipedLine(question: string): Promise<string> {
  if (piped === undefined) {
    const reader = createInterface({ input: process.stdin });
    piped = { reader, lines: reader[Symbol.asyncIterator]() };
  }
  const line = await piped.lines.next();
  if (line.done === true) {
    throw new InputError(`nobody to ask "${question.trim()}": standard input is not a terminal and has no more lines`);
  }
  return line.value;
}

/** Lets go of standard input, so that the process can end. */
export function stopAsking(): void {
  piped?.reader.close();
  piped = undefined;
}
