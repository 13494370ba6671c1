import { connect, type Socket } from 'node:net';
import type { Clock } from './clock.js';
import { codeOf, messageOf, unreachable } from './failure.js';
import { HandshakeFailed } from './handshake-failed.js';
import type { Settings } from './settings.js';

/** Opens a TCP connection. UnreachableError says why there is none; HandshakeFailed is for one that was reset at once. */
export function dialTcp(settings: Settings, clock: Clock): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: settings.host,
      port: settings.port,
      noDelay: true,
      // Node's own 250 ms a try is too short for a far host with several addresses.
      autoSelectFamilyAttemptTimeout: 2500,
      ...(settings.family === undefined ? {} : { family: settings.family }),
      ...(settings.bindAddress === undefined ? {} : { localAddress: settings.bindAddress }),
    });
    const unwatch = clock.onExpired(() => {
      socket.destroy();
      reject(
        unreachable(
          settings,
          `no answer within ${clock.seconds} s`,
          'is the host up, is the address right, does a firewall drop the port?',
        ),
      );
    });
    socket.once('connect', () => {
      unwatch();
      resolve(socket);
    });
    // It stays: an error without a listener would end the process.
    socket.on('error', (error) => {
      unwatch();
      reject(describe(settings, error));
    });
  });
}

function describe(settings: Settings, error: Error): Error {
  switch (codeOf(error)) {
    case 'ECONNREFUSED':
      return unreachable(settings, 'connection refused', 'is sshd running there, and on this port?', error);
    case 'ENOTFOUND':
    case 'EAI_NONAME':
      return unreachable(settings, `no such host name: ${settings.host}`, 'set ansible_host, or correct the name', error);
    case 'EAI_AGAIN':
      return unreachable(settings, `the name ${settings.host} could not be looked up`, 'does the name server answer?', error);
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return unreachable(settings, 'no route to the host', 'is the host up, and are you in the right network (VPN)?', error);
    case 'ETIMEDOUT':
      return unreachable(settings, 'no answer', 'is the host up, is the address right, does a firewall drop the port?', error);
    // Before a word was said: the server may have no room just now.
    case 'ECONNRESET':
      return new HandshakeFailed('banner', [], undefined, error, false);
    default:
      return unreachable(settings, `cannot connect: ${messageOf(error)}`, undefined, error);
  }
}
