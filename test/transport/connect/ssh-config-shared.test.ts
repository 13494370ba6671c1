import { expect } from 'chai';
import fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askSshShared } from '../../../src/transport/connect/ssh-options-shared.js';
import { askSsh } from '../../../src/transport/connect/ssh-options.js';
import { processesStarted } from '../../support/processes.js';

const HOSTS = ['web-01', 'web-02', 'db-01', '192.0.2.1', '192.0.2.7', 'Web-03', '127.1'];
/** What decides where a connection goes and how. */
const ASKED = [
  'hostname',
  'user',
  'port',
  'identityfile',
  'proxyjump',
  'identitiesonly',
  'connecttimeout',
  'userknownhostsfile',
  'certificatefile',
  'identityagent',
  'proxycommand',
];

describe('ssh_config of many hosts', () => {
  let folder: string;
  let count = 0;
  const config = (text: string): string => {
    const file = join(folder, `config-${++count}`);
    writeFileSync(file, text);
    return file;
  };
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'provision-shared-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('says of each host what ssh says of it alone, whatever is in the file', async () => {
    const block = fc.constantFrom(
      'Host web-* !web-02',
      'Host WEB-0?',
      'Host=192.0.2.1 db-01',
      'host "web-01"',
      'Host *',
      'Match host db-01',
      'Match all',
      'Match final all',
      'CanonicalizeHostname no',
    );
    const option = fc.constantFrom(
      'User someone',
      'Port 2200',
      'HostName %h.example.org',
      'IdentityFile ~/.ssh/%h-%p',
      'UserKnownHostsFile ~/.ssh/known_%p',
      'ProxyCommand nc %h %p',
      'CertificateFile ~/.ssh/%h-cert',
      'IdentityAgent /run/agent-%r',
      'ProxyJump gate',
      'IdentitiesOnly yes',
      'ConnectTimeout 7',
    );
    const file = fc.array(fc.tuple(block, fc.array(option, { maxLength: 2 })), { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(file, async (blocks) => {
        const configFile = config(blocks.map(([head, lines]) => `${[head, ...lines].join('\n  ')}\n`).join(''));
        const questions = HOSTS.map((host) => ({ host, configFile, port: { 'db-01': 99, 'web-02': 2222 }[host] }));
        const [shared, alone] = await Promise.all([Promise.all(questions.map(askSshShared)), Promise.all(questions.map(askSsh))]);
        for (const [index, host] of HOSTS.entries()) {
          for (const name of ASKED) {
            expect(shared[index]?.get(name), `${host} ${name}`).to.deep.equal(alone[index]?.options.get(name));
          }
        }
      }),
      { numRuns: 20 },
    );
  }).timeout(60_000);

  it('asks once for all hosts that the same lines match, whatever their ports', async () => {
    const configFile = config('Host web-*\n  User deploy\n');
    const hosts = Array.from({ length: 60 }, (_, index) => `${index % 2 === 0 ? 'web' : 'db'}-${index}`);
    const asked = () => Promise.all(hosts.map((host, index) => askSshShared({ host, configFile, port: 2200 + (index % 7) })));
    expect(await processesStarted(asked)).to.equal(2);
    expect((await asked()).map((options) => options?.get('port')?.[0]).slice(0, 3)).to.deep.equal(['2200', '2201', '2202']);
  });
});
