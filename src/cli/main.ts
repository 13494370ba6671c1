#!/usr/bin/env node
import { coloursFor } from '../report/colours.js';
import { exitCodeOf, explain } from './errors/explain.js';
import { stopAsking } from './input/ask.js';
import { program } from './program.js';

/** How long open handles may keep the process alive once all is done, in milliseconds. */
const PATIENCE = 2000;

const argv = process.argv.slice(2);

// The reader of a pipe has gone (`| head`): a run ends in order as after Ctrl-C, anything else at once.
process.stdout.once('error', () => {
  if (process.listenerCount('SIGINT') > 0) process.kill(process.pid, 'SIGINT');
  else process.exit();
});
process.stdout.on('error', () => undefined);

void main();

// A function, as a CommonJS module cannot wait at its top level, and the bundle is one.
async function main(): Promise<void> {
  try {
    await program(argv);
  } catch (error) {
    process.exitCode = exitCodeOf(error);
    process.stderr.write(`${explain(error, { colours: coloursFor(process.stderr), verbose: verbosity(argv) })}\n`);
  } finally {
    stopAsking();
  }
  setTimeout(() => process.exit(), PATIENCE).unref();
}

/** How often `-v` was given; the command line may be one that could not be parsed. */
function verbosity(words: readonly string[]): number {
  const own = words.slice(0, words.includes('--') ? words.indexOf('--') : undefined);
  return own.reduce((sum, word) => sum + (word === '--verbose' ? 1 : /^-v+$/.test(word) ? word.length - 1 : 0), 0);
}
