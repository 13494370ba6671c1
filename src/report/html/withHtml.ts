import { recorder, type Recorder, type RunKind } from '../record.js';
import type { RunReporter } from '../reporter.js';
import { page } from './page.js';
import { pageFile, writePage } from './write.js';

/** A page that is written, or written anew, whenever a run that is told on it has ended. */
export interface HtmlPage {
  /** A recorder for one more run of the page. */
  add(kind?: RunKind): Recorder;
  write(): Promise<void>;
}

/** The page of `--html FILE`. Rejects with InputError where it cannot be written. */
export async function htmlPage(file: string, now: () => Date = () => new Date()): Promise<HtmlPage> {
  const target = await pageFile(file);
  const runs: Recorder[] = [];
  return {
    add: (kind) => {
      const run = recorder(kind);
      runs.push(run);
      return run;
    },
    write: async () => {
      const told = runs.flatMap((run) => run.record() ?? []);
      // A run that was refused before it began leaves an older page as it is.
      if (told.length > 0) await writePage(target, page(told, now()));
    },
  };
}

/** A reporter that also tells its run on a page, once it is closed. Without a page it is the reporter itself. */
export function withHtml(reporter: RunReporter, htmlPage: HtmlPage | undefined): RunReporter {
  if (htmlPage === undefined) return reporter;
  const run = htmlPage.add();
  return {
    report: (event) => {
      run.add(event);
      reporter.report(event);
    },
    hold: reporter.hold,
    close: async () => {
      await reporter.close();
      await htmlPage.write();
    },
  };
}
