import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/** How long the process may take to end after the last test, in milliseconds. */
const GRACE = 10_000;

/** mocha's spec reporter, which also leaves its counts in the file that the reporter option `output` names. */
export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const { output } = options.reporterOptions as { output?: string };
    runner.once('end', () => {
      const { passes = 0, failures = 0, pending = 0 } = runner.stats ?? {};
      const leave = (failed: number): void => {
        if (output !== undefined) writeFileSync(output, JSON.stringify({ passed: passes, failed, skipped: pending }));
      };
      leave(failures);
      // Fires only where something left open (a server, a child, a timer) keeps the process from ending by itself.
      const overdue = setTimeout(() => {
        console.error(`the tests left something open, a failure of its own: ${process.getActiveResourcesInfo().join(', ')}`);
        leave(failures + 1);
        process.exit(1);
      }, GRACE);
      overdue.unref();
    });
  }
}
