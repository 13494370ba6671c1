import { setTimeout as delay } from 'node:timers/promises';
import type { Candidates } from './candidate.js';
import { gatherCandidates } from './candidates.js';
import { certifiedKey } from './certified-key.js';
import { startClock, type Clock } from './clock.js';
import { InputError } from '../../model/errors.js';
import { began, timed } from '../../util/timing.js';
import { describeHandshakeFailure } from './describe-failure.js';
import { messageOf, unreachable } from './failure.js';
import { HandshakeFailed } from './handshake-failed.js';
import { handshake, type HandshakeResult } from './handshake.js';
import { planHops, type Hop } from './hops.js';
import { readKnownHost, type KnownHost } from './known-hosts.js';
import { rememberKey } from './remember-key.js';
import { resolveSettings, type Settings } from './settings.js';
import type { ConnectTarget, SshConnection } from './target.js';
import { turns } from './turns.js';
import { watchConnection } from './watch.js';
import { findWay, type Way } from './way.js';

/**
 * Connects to a host and logs in: what ssh_config says of it is respected, its key is verified, the time is bounded.
 * UnreachableError says what happened and what to do (DeniedError where another try ends the same way); InputError is for key files, passphrases and an ssh_config that do not work.
 */
export async function openConnection(target: ConnectTarget): Promise<SshConnection> {
  const ended = began('settings', target.name);
  const settings = await resolveSettings(target).finally(ended);
  return open({ target, settings }, await planHops(target, settings));
}

async function open({ target, settings }: Hop, hops: readonly Hop[]): Promise<SshConnection> {
  const way = await findWay(settings, hops, open);
  const clock = startClock(settings.connectTimeoutSeconds);
  try {
    const [candidates, knownHost] = await timed('settings', settings.name, () =>
      Promise.all([
        gatherCandidates(target, settings, clock),
        readKnownHost([...settings.userKnownHostsFiles, ...settings.globalKnownHostsFiles], {
          host: settings.host,
          port: settings.port,
          alias: settings.hostKeyAlias,
        }),
      ]),
    );
    const result = await persist(settings, way, knownHost, candidates, clock);
    await noteKey(settings, knownHost.name, result);
    return watchConnection(settings, result, () => {
      way.release();
    });
  } catch (error) {
    way.release();
    throw error;
  } finally {
    clock.stop();
  }
}

/**
 * Logins at a time. Each is some 10 ms of work for this process: where hundreds go on side by side, the last hears its first answer when
 * its time is up. But a far host is a second of waiting, in which others can go on.
 */
const logins = turns(16, 240);

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 4000;
/** How long a server that says that it has no room is asked again. */
const PATIENCE_MS = 180_000;
/** The same for one that says nothing and closes: an old server without room, or something else that answers there; in connect timeouts. */
const SILENT_PATIENCE = 3;

/** Tries again, a little later each time, while the server turns connections away because too many come at once. */
async function persist(
  settings: Settings,
  way: Way,
  known: KnownHost,
  candidates: Candidates,
  clock: Clock,
): Promise<HandshakeResult> {
  const begin = performance.now();
  const dial = () => timed('connect', settings.name, () => way.dial(clock));
  const login = async (): Promise<HandshakeResult> => {
    clock.restart();
    const certified = await certifiedKey(settings, known, dial, clock);
    return handshake(await dial(), settings, { known, certified }, candidates, clock);
  };
  for (let longest = FIRST_PAUSE_MS; ; longest = Math.min(longest * 2, LONGEST_PAUSE_MS)) {
    try {
      return await logins(login);
    } catch (error) {
      if (!(error instanceof HandshakeFailed)) throw error;
      const complaint = await way.complaint();
      if (complaint !== undefined) throw unreachable(settings, complaint, undefined, error);
      // By chance, so that those who were turned away together do not come back together.
      const pause = longest * (0.3 + 0.7 * Math.random());
      const patience = { full: PATIENCE_MS, silent: SILENT_PATIENCE * 1000 * clock.seconds, no: 0 }[error.turnedAway];
      if (performance.now() - begin + pause > patience) throw describeHandshakeFailure(settings, error, clock);
      await timed('connect', settings.name, () => delay(pause));
    }
  }
}

async function noteKey(settings: Settings, name: string, result: HandshakeResult): Promise<void> {
  const file = settings.userKnownHostsFiles[0];
  if (result.newKey === undefined || file === undefined) return;
  try {
    await rememberKey(file, name, result.newKey, settings.hashKnownHosts);
  } catch (error) {
    result.client.end();
    throw new InputError(`${settings.name}: its host key cannot be added to ${file}: ${messageOf(error)}`, { cause: error });
  }
}
