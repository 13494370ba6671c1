import type { HostTotals } from '../model/event.js';

/** How the command ends, for scripts. The numbers are promises. */
export const EXIT = {
  done: 0,
  failed: 1,
  changes: 2,
  unreachable: 3,
  badInput: 4,
  refused: 5,
  interrupted: 130,
} as const;

export const EXIT_CODES_HELP = `Exit codes:
    0  done
    1  a host failed
    2  with --detailed-exitcode: done, and something changed (dry run: would change)
    3  a host was unreachable, and none failed
    4  bad input; no host was contacted
    5  refused: a saved plan that does not fit any more, or an operation that would lose data
  130  interrupted`;

/** The exit code of a run. */
export function runExitCode(
  outcome: { readonly totals: Readonly<Record<string, HostTotals>>; readonly interrupted: boolean },
  detailed: boolean,
): number {
  const any = (of: (totals: HostTotals) => number): boolean => Object.values(outcome.totals).some((totals) => of(totals) > 0);
  if (outcome.interrupted) return EXIT.interrupted;
  if (any((totals) => totals.failed)) return EXIT.failed;
  if (any((totals) => totals.unreachable)) return EXIT.unreachable;
  return detailed && any((totals) => totals.changed + totals.unknown) ? EXIT.changes : EXIT.done;
}
