import type { RunOptions } from '../../engine/run.js';
import { coloursFor } from '../../report/colours.js';
import type { HtmlPage } from '../../report/html/withHtml.js';
import { createReporter, type OutputKind, type RunReporter } from '../../report/reporter.js';
import type { Opener } from '../../transport/open.js';
import type { ConnectingArgs } from '../input/args.js';
import type { Loaded } from '../input/load.js';
import { DEFAULT_FORKS } from '../input/options.js';
import { opener } from '../input/opener.js';
import { timedSync } from '../../util/timing.js';
import { interruptible } from '../interrupt.js';

/** What a command that shows a run takes of its screen options. */
export interface ScreenArgs {
  readonly output?: OutputKind | undefined;
  readonly diff: boolean;
  readonly verbose: number;
  /** A file for a page about the run. */
  readonly html?: string | undefined;
  /** The page of that file, where several runs are told on it. */
  readonly page?: HtmlPage | undefined;
  /** A folder of each host for what is written in throwaway copies of it. */
  readonly scratch?: string | undefined;
}

/** What the engine is given by the terminal: where to report, whom to ask, when to stop. */
export type LiveOptions = Pick<RunOptions, 'forks' | 'openSession' | 'verbose' | 'signal' | 'report'>;

export interface Live {
  readonly options: LiveOptions;
  /** The session of an account in a throwaway copy of a host. */
  readonly openCopy: Opener['openCopy'];
  readonly reporter: RunReporter;
  /** Does what the first Ctrl-C does. */
  readonly interrupt: () => void;
}

/** Runs `work` with connections, a reporter and Ctrl-C, and takes all of it down at its end. */
export async function withLive<T>(
  args: ConnectingArgs & ScreenArgs & { readonly check?: boolean },
  { connections }: Pick<Loaded, 'connections'>,
  work: (live: Live) => Promise<T>,
): Promise<T> {
  const reporter = await screenReporter(args);
  const interrupt = interruptible(() => {
    reporter.report({ type: 'note', text: 'stopping: running jobs are asked to end; Ctrl-C again leaves at once' });
  });
  const sessions = opener({
    args,
    connections,
    hold: reporter.hold,
    // Only a run that may change hosts writes on them.
    notes: args.check === false,
    onReconnect: (host) => {
      reporter.report({ type: 'host-activity', host, activity: 'reconnect' });
    },
    scratch: args.scratch,
    onReadOnly: (host, paths) => {
      reporter.report({ type: 'note', host, text: `in the rehearsal these can only be read: ${paths.join(', ')}` });
    },
  });
  const options: LiveOptions = {
    forks: args.forks ?? DEFAULT_FORKS,
    openSession: (host, user) => sessions.open(host, user),
    verbose: args.verbose,
    signal: interrupt.signal,
    report: (event) => {
      timedSync('report', undefined, () => {
        reporter.report(event);
      });
    },
  };
  try {
    return await work({
      options,
      openCopy: (host, user) => sessions.openCopy(host, user),
      reporter,
      interrupt: interrupt.trigger,
    });
  } finally {
    await sessions.close();
    interrupt.release();
    await reporter.close();
  }
}

/** The reporter that `--output` names, or the one that suits where standard output goes. */
export async function screenReporter(args: ScreenArgs): Promise<RunReporter> {
  const page = args.page ?? (await pageOf(args));
  const reporter = await createReporter(args.output ?? defaultOutput(), {
    output: process.stdout,
    colours: coloursFor(process.stdout),
    diff: args.diff,
    verbose: args.verbose,
  });
  return page === undefined ? reporter : (await import('../../report/html/withHtml.js')).withHtml(reporter, page);
}

/** The page that `--html` names, if it does. Rejects with InputError where it cannot be written. */
export async function pageOf({ html }: Pick<ScreenArgs, 'html'>): Promise<HtmlPage | undefined> {
  return html === undefined ? undefined : (await import('../../report/html/withHtml.js')).htmlPage(html);
}

function defaultOutput(): OutputKind {
  return process.stdout.isTTY && process.env['TERM'] !== 'dumb' ? 'tree' : 'plain';
}
