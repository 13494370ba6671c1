import type { ClientChannel } from 'ssh2';
import type { SshConnection } from './connect/target.js';
import type { ByteChannel, Transport } from './channel.js';
import { UnreachableError } from '../model/errors.js';
import { counted } from '../util/timing.js';

/** A host over one SSH connection. */
export function sshTransport(host: string, connection: SshConnection): Transport {
  return {
    host,
    loginUser: connection.user,
    start: (command) =>
      new Promise((resolve, reject) => {
        counted(host, 'channels');
        connection.client.exec(command, (error, stream) => {
          if (error) reject(notBegun(host, error));
          else resolve(channelOf(stream, connection));
        });
      }),
    close: () => connection.close(),
  };
}

/** ssh2 tells of a connection that went away in the middle as of a channel that the server refuses (MaxSessions, no shell). */
function notBegun(host: string, cause: Error): UnreachableError {
  return new UnreachableError(`${host} did not begin a session: ${cause.message}`, { cause });
}

function channelOf(stream: ClientChannel, connection: SshConnection): ByteChannel {
  let code: number | undefined;
  stream.on('error', () => undefined);
  return {
    stdin: stream,
    stdout: stream,
    stderr: stream.stderr,
    exit: new Promise((resolve) => {
      stream.once('exit', (status: number | null) => {
        code = status ?? undefined;
      });
      stream.once('close', () => {
        resolve(code);
      });
      // ssh2 may leave a channel silent when its connection is killed.
      connection.onClosed(() => {
        resolve(code);
      });
    }),
    destroy: () => {
      stream.destroy();
    },
  };
}
