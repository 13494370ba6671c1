import { startClock } from './clock.js';
import { gatherCandidates } from './candidates.js';
import { describeHandshakeFailure } from './describe-failure.js';
import { dialTcp } from './dial.js';
import { handshake, HandshakeFailed, type HandshakeResult } from './handshake.js';
import { readKnownHost } from './known-hosts.js';
import { rememberKey } from './remember-key.js';
import { resolveSettings, type Settings } from './settings.js';
import type { ConnectTarget, SshConnection } from './target.js';
import { watchConnection } from './watch.js';

/**
 * Connects to a host and logs in: what ssh_config says of it is respected, its key is verified, the time is bounded.
 * UnreachableError says what happened and what to do; InputError is for key files, passphrases and an ssh_config that do not work.
 */
export async function openConnection(target: ConnectTarget): Promise<SshConnection> {
  const settings = await resolveSettings(target);
  const clock = startClock(settings.connectTimeoutSeconds);
  try {
    const candidates = await gatherCandidates(target, settings, clock);
    const knownHost = await readKnownHost([...settings.userKnownHostsFiles, ...settings.globalKnownHostsFiles], {
      host: settings.host,
      port: settings.port,
      alias: settings.hostKeyAlias,
    });
    const stream = await dialTcp(settings, clock);
    const result = await handshake(stream, settings, knownHost, candidates, clock).catch((error: unknown) => {
      throw error instanceof HandshakeFailed ? describeHandshakeFailure(settings, error, clock) : error;
    });
    await noteKey(settings, knownHost.name, result);
    return watchConnection(settings, result);
  } finally {
    clock.stop();
  }
}

async function noteKey(settings: Settings, name: string, result: HandshakeResult): Promise<void> {
  const file = settings.userKnownHostsFiles[0];
  if (result.newKey !== undefined && file !== undefined) await rememberKey(file, name, result.newKey, settings.hashKnownHosts);
}
