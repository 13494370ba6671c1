import { readPlan } from '../../engine/savedPlan/file.js';
import { EXIT } from '../exitCodes.js';
import type { Args } from '../input/args.js';
import { screenReporter } from './live.js';

/** `provision show`: tells a reporter what the dry run told. Gives the exit code. */
export async function showPlan(args: Args<'show'> & { readonly file: string }): Promise<number> {
  const plan = readPlan(args.file);
  // What a dry run drew while it went is of no use any more: plain lines, unless asked otherwise.
  const reporter = await screenReporter({ ...args, output: args.output ?? 'plain', diff: args.diff || args.output !== 'json' });
  for (const event of plan.events) reporter.report(event);
  await reporter.close();
  return EXIT.done;
}
