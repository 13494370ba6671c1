import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { NO_DATABASE, spawnApp } from './support/app.js';

describe('the start of the application', () => {
  it('ends with 78 on a wrong configuration, and names everything that is wrong', async () => {
    const { ended, output } = await spawnApp({ PORT: 'http', DB_HOSTS: 'db-01:99999', DB_USER: 'app', DRAIN_SECONDS: '-1' });
    expect(await ended).to.equal(78);
    expect(output().trimEnd().split('\n')).to.deep.equal([
      'configuration: PORT is "http", expected a port from 0 to 65535',
      'configuration: DRAIN_SECONDS is "-1", expected seconds from 0 to 3600',
      'configuration: DB_HOSTS has the entry "db-01:99999", expected HOST, HOST:PORT or [IPV6]:PORT',
      'configuration: DB_PASSWORD is not set: the password, or DB_PASSWORD_FILE, the file that holds it',
      'configuration: DB_NAME is not set: the database that holds the notes',
    ]);
  });

  it('ends with 1, and says why, when its port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const { ended, output } = await spawnApp({ ...NO_DATABASE, PORT: String(port) });
    expect(await ended).to.equal(1);
    expect(output()).to.contain(`address already in use 127.0.0.1:${port}`);
    taken.close();
  });
});
