import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';

/** What time goes to. Those of the program come first, then those of a host, in the order of a run. */
export type Phase = 'inventory' | 'playbook' | 'preflight' | 'report' | HostPhase;

/** What a host's time goes to; `waiting` is all that nothing else accounts for: its turn, other hosts, the end of a play. */
export type HostPhase =
  /** ssh_config, known_hosts, key files, the agent. */
  | 'settings'
  /** TCP, or what stands for it: a channel of a jump host, a proxy command. Pauses after a refusal are in it. */
  | 'connect'
  | 'key exchange'
  | 'authentication'
  /** The channel, sudo, the privileged shell's first answer. */
  | 'shell'
  | 'read'
  /** Making the host's tasks (templates rendered), and planning them. Work of the controller alone. */
  | 'plan'
  | 'apply'
  /** Reading again what was changed. */
  | 'verify';

/** Time that something took, in milliseconds since the process began. */
export interface Timed {
  readonly phase: Phase;
  /** The host's name in the inventory; undefined for the program itself. */
  readonly host: string | undefined;
  readonly begin: number;
  readonly end: number;
}

/** What is counted of a host. */
export type Counted = 'exchanges' | 'channels' | 'bytesSent' | 'bytesReceived';

export interface Count {
  readonly host: string;
  readonly what: Counted;
  readonly amount: number;
}

// Channels of Node's own, so that a run which nobody measures pays a look at a flag, and nothing has to be handed through all floors.
const TIME = 'provision:time';
const COUNT = 'provision:count';
const times = channel(TIME);
const counts = channel(COUNT);

/** Measures work, where somebody listens. */
export async function timed<T>(phase: Phase, host: string | undefined, work: () => Promise<T>): Promise<T> {
  if (!times.hasSubscribers) return work();
  const end = began(phase, host);
  try {
    return await work();
  } finally {
    end();
  }
}

/** Measures work that waits for nothing. */
export function timedSync<T>(phase: Phase, host: string | undefined, work: () => T): T {
  if (!times.hasSubscribers) return work();
  const end = began(phase, host);
  try {
    return work();
  } finally {
    end();
  }
}

/** Measures until the result is called; a second call says nothing more. */
export function began(phase: Phase, host: string | undefined): () => void {
  if (!times.hasSubscribers) return () => undefined;
  const begin = performance.now();
  let ended = false;
  return () => {
    if (ended) return;
    ended = true;
    times.publish({ phase, host, begin, end: performance.now() } satisfies Timed);
  };
}

/** Counts something of a host, where somebody listens. */
export function counted(host: string, what: Counted, amount = 1): void {
  if (counts.hasSubscribers) counts.publish({ host, what, amount } satisfies Count);
}

/** All that was measured and counted since the recording began. */
export interface Recording {
  readonly times: readonly Timed[];
  readonly counts: readonly Count[];
  stop(): void;
}

/** Listens to all measurements from now on. */
export function record(): Recording {
  const recording: { times: Timed[]; counts: Count[] } = { times: [], counts: [] };
  const onTime = (message: unknown): void => void recording.times.push(message as Timed);
  const onCount = (message: unknown): void => void recording.counts.push(message as Count);
  subscribe(TIME, onTime);
  subscribe(COUNT, onCount);
  return {
    ...recording,
    stop: () => {
      unsubscribe(TIME, onTime);
      unsubscribe(COUNT, onCount);
    },
  };
}
