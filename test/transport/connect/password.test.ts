import { expect } from 'chai';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type AuthContext, type Server } from 'ssh2';
import { openConnection } from '../../../src/transport/connect/open.js';
import type { ConnectTarget } from '../../../src/transport/connect/target.js';
import { Secret } from '../../../src/util/secret.js';
import { failure, makeKey, publicKeyOf } from './sshd.js';

/** Without PAM and an account of its own, sshd takes no passwords: here ssh2's own server does. */
describe('logging in with a password', () => {
  let folder: string;
  const servers: Server[] = [];
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'provision-password-'));
    makeKey(join(folder, 'host'));
    makeKey(join(folder, 'id'));
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.close();
      await once(server, 'close');
    }
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  /** Serves logins by a rule and gives a target for it, and the methods that were tried. */
  const serve = async (
    rule: (context: AuthContext) => void,
    changes: Partial<ConnectTarget> = {},
  ): Promise<{ target: ConnectTarget; tried: string[] }> => {
    const tried: string[] = [];
    const server = new ssh2.Server({ hostKeys: [readFileSync(join(folder, 'host'))] }, (client) => {
      client.on('error', () => undefined);
      client.on('authentication', (context) => {
        tried.push(context.method);
        rule(context);
      });
    }).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    const port = portOf(server);
    writeFileSync(join(folder, 'known_hosts'), `[127.0.0.1]:${port} ${publicKeyOf(join(folder, 'host'))}\n`);
    writeFileSync(join(folder, 'ssh_config'), 'IdentityAgent none\nIdentityFile none\n');
    const target = {
      name: 'web-01',
      address: '127.0.0.1',
      port,
      user: 'deploy',
      knownHostsFile: join(folder, 'known_hosts'),
      sshConfigFile: join(folder, 'ssh_config'),
      acceptNewHostKeys: false,
      ...changes,
    };
    return { target, tried };
  };
  const password = (context: AuthContext): void => {
    if (context.method === 'password' && context.username === 'deploy' && context.password === 'right') context.accept();
    else context.reject(['password']);
  };
  const login = async (target: ConnectTarget): Promise<void> => (await openConnection(target)).close();

  it('works', async () => {
    const { target, tried } = await serve(password, { password: new Secret('right') });
    await login(target);
    expect(tried).to.deep.equal(['password']);
  });

  it('comes after the key', async () => {
    const { target, tried } = await serve(password, { password: new Secret('right'), privateKeyFile: join(folder, 'id') });
    await login(target);
    expect(tried).to.deep.equal(['publickey', 'password']);
  });

  it('says which methods were refused, and never the password', async () => {
    const { target } = await serve(password, { password: new Secret('wrong-password') });
    const error = await failure(openConnection(target));
    expect(error.message).to.match(/: login refused \(tried: password; the server takes password\)$/);
    expect(JSON.stringify([error.message, error.hint, error.stack])).not.to.include('wrong-password');
  });

  it('is asked for once, and only where the server takes one', async () => {
    const asked: string[] = [];
    const askPassword = (account: string): Promise<Secret> => {
      asked.push(account);
      return Promise.resolve(new Secret('right'));
    };
    const { target } = await serve(password, { askPassword });
    await login(target);
    expect(asked).to.deep.equal(['deploy@127.0.0.1']);
    const { target: other } = await serve(
      (context) => {
        context.reject(['publickey']);
      },
      { askPassword },
    );
    const error = await failure(openConnection(other));
    expect(error.message).to.include('there was nothing to log in with; the server takes publickey');
    expect(asked).to.have.length(1);
  });

  it('answers keyboard-interactive', async () => {
    const { target, tried } = await serve(
      (context) => {
        if (context.method !== 'keyboard-interactive') {
          context.reject(['keyboard-interactive']);
          return;
        }
        context.prompt([{ prompt: 'Password: ', echo: false }], (answers) => {
          if (answers[0] === 'right') context.accept();
          else context.reject();
        });
      },
      { password: new Secret('right') },
    );
    await login(target);
    expect(tried).to.deep.equal(['password', 'keyboard-interactive']);
  });

  it('comes on top of a key, in either order, where the server wants both', async () => {
    for (const order of [
      ['publickey', 'password'],
      ['password', 'publickey'],
    ]) {
      let step = 0;
      const { target } = await serve(
        (context) => {
          const wanted = order[step] ?? '';
          const right =
            context.method === wanted &&
            (context.method !== 'password' || context.password === 'right') &&
            // Asking whether a key would do is answered with yes; only its signature counts.
            (context.method !== 'publickey' || context.signature !== undefined);
          if (context.method === 'publickey' && context.signature === undefined && wanted === 'publickey') context.accept();
          else if (!right) context.reject([wanted] as ('password' | 'publickey')[]);
          else if (++step === order.length) context.accept();
          else context.reject([order[step] ?? ''] as ('password' | 'publickey')[], true);
        },
        { password: new Secret('right'), privateKeyFile: join(folder, 'id') },
      );
      await login(target);
    }
  });

  it('that has expired is told of', async () => {
    const { target } = await serve(
      (context) => {
        if (context.method === 'password') {
          context.requestChange('Your password has expired.', () => undefined);
        } else context.reject(['password']);
      },
      { password: new Secret('right') },
    );
    const error = await failure(openConnection(target));
    expect(error.message).to.include('the password has expired and must be changed first');
  });
});

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
