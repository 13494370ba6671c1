import type { RunEvent } from '../../model/event.js';
import { entries } from '../entries.js';
import { picture, type Picture } from '../picture.js';
import { recapLines, summary, type RunEnd } from '../recap.js';
import type { ReportOptions, RunReporter } from '../reporter.js';
import { count, oneLine, shownPosition } from '../text.js';
import { foldedPlay, frame } from './frame.js';
import { screen, sizeOf } from './screen.js';
import { follow, newPlay, type PlayState } from './state.js';
import { liveTasks, type LiveTasks } from './tasks.js';

interface RunningPlay {
  readonly state: PlayState;
  readonly tasks: LiveTasks;
  /** Of a dry run: what it found, to be shown when the play is through. */
  readonly picture: Picture | undefined;
}

/**
 * The picture on a terminal: the running play with a line a host at the lower end, and above it what stays: finished
 * plays, failures, and with `--diff` or `-v` each change. A dry run's tasks stay with their finished play, equal ones as one.
 */
export function treeReporter(options: ReportOptions, clock: () => number = Date.now): RunReporter {
  const { output, colours, diff, verbose } = options;
  const view = screen(output);
  let dryRun = false;
  let entry = entries(options, { dryRun, hosts: [] });
  let play: RunningPlay | undefined;
  let held = 0;
  let turn: Promise<unknown> = Promise.resolve();
  const failures = new Map<string, string>();

  const size = () => ({ ...sizeOf(output), now: clock() });
  const draw = (): void => {
    if (held > 0) return;
    if (play === undefined) view.clear();
    else view.draw(frame(play.state, { ...size(), dryRun, colours }));
  };
  const fold = (): void => {
    if (play === undefined) return;
    view.keep([foldedPlay(play.state, { ...size(), dryRun, colours }), ...(play.picture?.lines() ?? [])]);
    void play.tasks.stop();
    play = undefined;
  };

  const fail = (host: string, text: string): void => {
    failures.set(host, text);
  };
  const closing = (event: RunEnd): readonly string[] => [
    '',
    colours.bold('PLAY RECAP'),
    ...recapLines(event, dryRun, colours),
    ...[...failures].map(([host, text]) => colours.red(`✖ ${host}: ${text}`)),
    summary(event, dryRun),
  ];

  const report = (event: RunEvent): void => {
    if (play !== undefined) follow(play.state, event, clock());
    switch (event.type) {
      case 'run-start':
        dryRun = event.dryRun;
        entry = entries(options, event);
        view.keep([
          colours.dim(
            `${dryRun ? 'dry run of ' : ''}${shownPosition({ file: event.playbook })} on ${count(event.hosts.length, 'host')}${dryRun ? ': nothing is changed' : ''}`,
          ),
        ]);
        break;
      case 'play-start':
        fold();
        play = {
          state: newPlay(event.play, event.hosts, clock()),
          tasks: liveTasks(event.hosts, draw),
          picture: dryRun ? picture(event.hosts, { ...options, countQuiet: false }) : undefined,
        };
        break;
      case 'task': {
        const quiet = event.status === 'ok' || event.status === 'skipped';
        if (event.status === 'failed') fail(event.host, `${oneLine(event.task)}: ${oneLine(event.fault?.message ?? 'failed')}`);
        if (play?.picture !== undefined) play.picture.add(event);
        else if (event.status === 'failed' || verbose > 0 || (!quiet && diff)) view.keep(entry.task(event));
        break;
      }
      case 'host-unreachable':
        fail(event.host, oneLine(event.fault.message));
        view.keep(entry.unreachable(event));
        break;
      case 'host-end':
        play?.tasks.end(event.host, failures.has(event.host));
        break;
      case 'note':
        view.keep(entry.note(event));
        break;
      case 'run-end':
        fold();
        view.keep(closing(event));
        draw();
        break;
      case 'host-tasks':
      case 'host-activity':
      case 'profile':
        break;
    }
  };

  return {
    report,
    hold: (work) => {
      const alone = async () => {
        held++;
        view.clear();
        try {
          return await work();
        } finally {
          held--;
        }
      };
      const result = turn.then(alone);
      turn = result.catch(() => undefined);
      return result;
    },
    close: async () => {
      await play?.tasks.stop();
      // A run that did not come to its end has found something all the same.
      view.keep(play?.picture?.lines() ?? []);
      view.clear();
    },
  };
}
