import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../../../src/model/errors.js';
import { readSshConfig } from '../../../src/transport/connect/ssh-config-file.js';
import { askSsh, type SshOptions, type SshQuestion } from '../../../src/transport/connect/ssh-options.js';
import { askSshShared } from '../../../src/transport/connect/ssh-options-shared.js';
import { settle } from '../../../src/transport/connect/settings.js';
import { failure } from './sshd.js';

const CONFIG = `
User everyone
Include FOLDER/included*
Host web-*
  HostName %h.example.com
  Port 2222
  IdentityFile ~/.ssh/web
  IdentityFile FOLDER/%h-%r
  CertificateFile FOLDER/web-cert.pub
  IdentitiesOnly yes
  ProxyJump alice@bastion:2200,inner
  ServerAliveInterval 5
  ServerAliveCountMax 7
  UserKnownHostsFile FOLDER/known FOLDER/known2
  HostKeyAlias the-alias
  StrictHostKeyChecking accept-new
Host db-*
  ProxyCommand "nc tool" %h %p
  PubkeyAuthentication no
  PasswordAuthentication no
  IdentityAgent none
  AddressFamily inet6
  BindAddress 127.0.0.2
Match user root
  ConnectTimeout 3
Host *
  HashKnownHosts yes
`;

describe('ssh_config', () => {
  let folder: string;
  let configFile: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'provision-config-'));
    configFile = join(folder, 'config');
    writeFileSync(configFile, CONFIG.replaceAll('FOLDER', folder));
    writeFileSync(join(folder, 'included-1'), 'Host lb-*\n  HostName 192.0.2.1\n  User balancer\n');
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  const readers: [string, (question: SshQuestion) => Promise<SshOptions | undefined>][] = [
    ['as the system’s ssh reads it', async (question) => (await askSsh(question))?.options],
    ['as it is asked for many hosts', askSshShared],
    ['as it is read where there is no ssh', (question) => Promise.resolve(readSshConfig(question))],
  ];
  for (const [title, read] of readers) {
    describe(title, () => {
      const settings = async (address: string, more: { user?: string; port?: number } = {}) => {
        const options = await read({ host: address, configFile, ...more });
        return settle({ name: address, address, acceptNewHostKeys: false, ...more }, options ?? new Map());
      };

      it('says where a host is and how it is logged in to', async () => {
        const found = await settings('web-01');
        expect(found).to.deep.include({
          alias: 'web-01',
          host: 'web-01.example.com',
          port: 2222,
          user: 'everyone',
          proxyJump: ['alice@bastion:2200', 'inner'],
          proxyCommand: undefined,
          certificateFiles: [join(folder, 'web-cert.pub')],
          identitiesOnly: true,
          hostKeyAlias: 'the-alias',
          userKnownHostsFiles: [join(folder, 'known'), join(folder, 'known2')],
          acceptNewHostKeys: true,
          hashKnownHosts: true,
          keepaliveSeconds: 5,
          keepaliveCount: 7,
          connectTimeoutSeconds: 10,
        });
        expect(found.keyFiles).to.deep.equal([join(userInfo().homedir, '.ssh/web'), join(folder, 'web-01.example.com-everyone')]);
      });

      it('takes methods, addresses and commands from it', async () => {
        expect(await settings('db-01', { port: 22 })).to.deep.include({
          host: 'db-01',
          port: 22,
          proxyJump: [],
          proxyCommand: '"nc tool" %h %p',
          publicKeyAllowed: false,
          passwordAllowed: false,
          keyboardInteractiveAllowed: true,
          agent: undefined,
          family: 6,
          bindAddress: '127.0.0.2',
        });
      });

      it('lets the inventory win', async () => {
        const found = await settings('web-01', { user: 'root', port: 22 });
        expect(found).to.deep.include({ user: 'root', port: 22, connectTimeoutSeconds: 3 });
        expect(found.keyFiles[1]).to.equal(join(folder, 'web-01.example.com-root'));
      });

      it('follows Include, and goes on behind it', async () => {
        expect(await settings('lb-01')).to.deep.include({ host: '192.0.2.1', user: 'everyone', hashKnownHosts: true });
      });

      it('leaves the rest to defaults', async () => {
        const found = await settings('else');
        expect(found).to.deep.include({ host: 'else', port: 22, keepaliveSeconds: 15, keepaliveCount: 3, identitiesOnly: false });
        expect(found.keyFiles).to.include(join(userInfo().homedir, '.ssh/id_ed25519'));
        expect(found.userKnownHostsFiles[0]).to.equal(join(userInfo().homedir, '.ssh/known_hosts'));
        expect(found.globalKnownHostsFiles[0]).to.equal('/etc/ssh/ssh_known_hosts');
      });
    });
  }

  it('that says the same of all hosts is answered for each as ssh answers', async () => {
    const same = join(folder, 'same');
    writeFileSync(same, '# for all\nHost *\n  User everyone\n  ServerAliveInterval 7\n  IdentityFile ~/.ssh/one\n');
    for (const host of ['web-01', '192.0.2.7', 'Web-02']) {
      for (const port of [undefined, 2200]) {
        const question = { host, port, configFile: same };
        expect(await askSshShared(question)).to.deep.equal((await askSsh(question))?.options);
      }
    }
  });

  it('that ssh rejects is told of with its file and line', async () => {
    const bad = join(folder, 'bad');
    writeFileSync(bad, 'Host *\n  NoSuchOption yes\n');
    const error = await failure(askSsh({ host: 'web-01', configFile: bad }));
    expect(error).to.be.instanceOf(InputError);
    expect(error.message).to.match(
      /ssh_config does not work for host web-01: .*bad: line 2: Bad configuration option: nosuchoption/,
    );
  });
});
