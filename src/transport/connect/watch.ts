import type { HandshakeResult } from './handshake.js';
import { Socket } from 'node:net';
import { counted } from '../../util/timing.js';
import type { Settings } from './settings.js';
import type { SshConnection } from './target.js';

/** How long a server may take to end a connection in order. */
const CLOSE_GRACE_MS = 1000;

/** Makes a logged-in client a connection that knows of its end. `release` is called once it has ended. */
export function watchConnection(settings: Settings, result: HandshakeResult, release: () => void): SshConnection {
  const { client, stream } = result;
  let closing = false;
  const closed = result.closed.then((error) => (closing ? undefined : (error ?? new Error('the host closed the connection'))));
  void closed.then(() => {
    if (stream instanceof Socket) {
      counted(settings.name, 'bytesSent', stream.bytesWritten);
      counted(settings.name, 'bytesReceived', stream.bytesRead);
    }
    release();
  });
  return {
    client,
    address: settings.host,
    port: settings.port,
    user: settings.user,
    async close() {
      closing = true;
      const forced = setTimeout(() => stream.destroy(), CLOSE_GRACE_MS);
      client.end();
      await closed;
      clearTimeout(forced);
    },
    onClosed(callback) {
      void closed.then(callback);
    },
  };
}
