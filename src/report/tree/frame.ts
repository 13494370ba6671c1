import type { Colours } from '../colours.js';
import { count, duration, elapsed, oneLine } from '../text.js';
import { cut, fit, pad, width, type Span } from '../width.js';
import { finishedTasks, type HostState, type PlayState } from './state.js';

export interface FrameOptions {
  readonly columns: number;
  /** Lines of the terminal; the frame takes at most one less. */
  readonly rows: number;
  /** In milliseconds. */
  readonly now: number;
  readonly dryRun: boolean;
  readonly colours: Colours;
}

/** Up to so many hosts keep their places and are all shown, where the terminal is high enough. */
const FEW_HOSTS = 12;

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;

/** What the screen shows of a running play: its header, a line a host, and the hosts that have no room as counts. */
export function frame(play: PlayState, options: FrameOptions): readonly string[] {
  const { columns, rows } = options;
  const hosts = [...play.hosts.values()];
  const room = Math.max(1, rows - 3);
  const shown = hosts.length <= Math.min(FEW_HOSTS, room) ? hosts : mostUrgent(hosts, room);
  const rest = hosts.filter((host) => !shown.includes(host));
  const names = Math.min(Math.max(...shown.map((host) => width(host.name)), 0), Math.floor(columns / 3));
  return [
    header(play, hosts, options),
    ...shown.map((host) => hostLine(host, names, options)),
    ...(rest.length === 0 ? [] : [fit([{ text: `   … ${restWords(rest)}`, paint: options.colours.dim }], columns)]),
  ];
}

/** A finished play on one line. */
export function foldedPlay(play: PlayState, { columns, now, dryRun, colours }: Omit<FrameOptions, 'rows'>): string {
  const hosts = [...play.hosts.values()];
  const bad = hosts.filter((host) => host.phase === 'failed' || host.phase === 'unreachable').length;
  const totals = hosts.reduce(
    (sum, { counts }) => ({
      changed: sum.changed + counts.changed,
      unknown: sum.unknown + counts.unknown,
      ok: sum.ok + counts.ok,
    }),
    { changed: 0, unknown: 0, ok: 0 },
  );
  const spans: Span[] = [
    bad === 0 ? { text: '✔ ', paint: colours.green } : { text: '✖ ', paint: colours.red },
    { text: `PLAY ${oneLine(play.name)}`, paint: colours.bold },
    { text: `  ${count(hosts.length, 'host')}: ${totals.ok} ok` },
  ];
  if (totals.changed > 0) spans.push({ text: `, ${totals.changed} ${dryRun ? 'to change' : 'changed'}`, paint: colours.yellow });
  if (totals.unknown > 0) spans.push({ text: `, ${totals.unknown} known after apply`, paint: colours.magenta });
  if (bad > 0) spans.push({ text: `, ${count(bad, 'host')} failed`, paint: colours.red });
  spans.push({ text: `  ${duration((now - play.startedAt) / 1000)}`, paint: colours.dim });
  return fit(spans, columns);
}

/**
 * Failed hosts first (at most half of the room, while others are active), then active ones. They keep the inventory's
 * order as long as they fit, so that lines do not jump; where they do not, those busy for longest are shown.
 */
function mostUrgent(hosts: readonly HostState[], room: number): readonly HostState[] {
  const active = hosts.filter((host) => host.phase === 'active');
  const bad = hosts.filter((host) => host.phase === 'failed' || host.phase === 'unreachable');
  const shown = bad.slice(0, Math.max(Math.ceil(room / 2), room - active.length));
  const left = room - shown.length;
  return [...shown, ...(active.length <= left ? active : active.toSorted((a, b) => a.since - b.since).slice(0, left))];
}

function restWords(rest: readonly HostState[]): string {
  const of = (phase: HostState['phase'], word: string): readonly string[] => {
    const number = rest.filter((host) => host.phase === phase).length;
    return number === 0 ? [] : [`${number} ${word}`];
  };
  const parts = [
    ...of('failed', 'failed'),
    ...of('unreachable', 'unreachable'),
    ...of('active', 'busy'),
    ...of('done', 'done'),
    ...of('waiting', 'waiting'),
  ];
  return `${rest.length} more: ${parts.join(', ')}`;
}

function header(play: PlayState, hosts: readonly HostState[], { columns, now, dryRun, colours }: FrameOptions): string {
  const ended = hosts.filter((host) => host.phase !== 'active' && host.phase !== 'waiting').length;
  return fit(
    [
      { text: `PLAY ${oneLine(play.name)}`, paint: colours.bold },
      { text: `  ${ended}/${count(hosts.length, 'host')}  ${elapsed((now - play.startedAt) / 1000)}`, paint: colours.dim },
      ...(dryRun ? [{ text: '  dry run', paint: colours.magenta }] : []),
    ],
    columns,
  );
}

function hostLine(host: HostState, names: number, { columns, now, dryRun, colours }: FrameOptions): string {
  const { counts, phase } = host;
  const spans: Span[] = [icon(host, now, colours), { text: `${pad(cut(host.name, names), names)}  ` }];
  const total = host.tasks === undefined ? '' : `/${host.tasks}`;
  spans.push({ text: pad(`${finishedTasks(host)}${total}`, 7), paint: colours.dim });
  if (counts.changed > 0) spans.push({ text: `  ${counts.changed} ${dryRun ? 'to change' : 'changed'}`, paint: colours.yellow });
  if (counts.unknown > 0) spans.push({ text: `  ${counts.unknown} known after apply`, paint: colours.magenta });
  if (phase === 'active' && host.activity !== '') {
    const seconds = (now - host.since) / 1000;
    spans.push({ text: `  ${host.activity}` });
    if (seconds >= 1) spans.push({ text: `  ${elapsed(seconds)}`, paint: colours.dim });
  }
  if (phase === 'waiting') spans.push({ text: '  waiting', paint: colours.dim });
  if (phase === 'unreachable') spans.push({ text: '  unreachable', paint: colours.red });
  if (phase === 'failed') spans.push({ text: `  ${oneLine(host.failedTask ?? 'failed')}`, paint: colours.red });
  return fit(spans, columns).trimEnd();
}

function icon({ phase }: HostState, now: number, colours: Colours): Span {
  switch (phase) {
    case 'waiting':
      return { text: ' · ', paint: colours.dim };
    case 'active':
      return { text: ` ${SPINNER[Math.floor(now / FRAME_MS) % SPINNER.length] ?? ''} `, paint: colours.cyan };
    case 'done':
      return { text: ' ✔ ', paint: colours.green };
    case 'failed':
    case 'unreachable':
      return { text: ' ✖ ', paint: colours.red };
  }
}
