import { expect } from 'chai';
import { execFileSync, spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashName, knownName, matchesHost, parseKnownHosts } from '../../../src/transport/connect/known-hosts-line.js';
import { makeKey, publicKeyOf } from './sshd.js';

describe('known_hosts lines', () => {
  let folder: string;
  let key: string;
  const write = (content: string): string => {
    const file = join(folder, 'known_hosts');
    writeFileSync(file, content);
    return file;
  };
  /** Whether the real ssh-keygen finds a host in a file. */
  const found = (file: string, name: string): boolean => spawnSync('ssh-keygen', ['-F', name, '-f', file]).status === 0;
  const matched = (file: string, name: string): boolean =>
    parseKnownHosts(readFileSync(file, 'utf8'), file).some((line) => matchesHost(line, name));

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'provision-known-'));
    makeKey(join(folder, 'key'));
    key = publicKeyOf(join(folder, 'key'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('are read with their marker, type, key and place', () => {
    const lines = parseKnownHosts(`# a comment\n\n  web-01,10.0.0.1\t${key} me@here\n@revoked *.example.com ${key}\r\n`, 'file');
    expect(lines.map(({ marker, hosts, type, file, line }) => ({ marker, hosts, type, file, line }))).to.deep.equal([
      { marker: 'key', hosts: 'web-01,10.0.0.1', type: 'ssh-ed25519', file: 'file', line: 3 },
      { marker: 'revoked', hosts: '*.example.com', type: 'ssh-ed25519', file: 'file', line: 4 },
    ]);
    expect(lines[0]?.key.toString('base64')).to.equal(key.split(' ')[1]);
  });

  it('that OpenSSH does not understand are left out', () => {
    const lines = ['web-01', `@unknown web-01 ${key}`, 'web-01 ssh-ed25519 ====', `web-01 ssh-rsa ${key.split(' ')[1] ?? ''}`];
    for (const line of lines) expect(parseKnownHosts(line, 'file'), line).to.deep.equal([]);
  });

  const PATTERNS = [
    ['web-01', 'web-01', true],
    ['web-01', 'WEB-01', true],
    ['web-01,10.0.0.1', '10.0.0.1', true],
    ['web-01', 'web-010', false],
    ['*.example.com', 'a.b.example.com', true],
    ['*.example.com', 'example.com', false],
    ['web-0?', 'web-02', true],
    ['*.example.com,!db.example.com', 'web.example.com', true],
    ['*.example.com,!db.example.com', 'db.example.com', false],
    ['!db.example.com,*.example.com', 'db.example.com', false],
    ['[web-01]:2222', '[web-01]:2222', true],
    ['[web-01]:2222', 'web-01', false],
    ['web-01', '[web-01]:2222', false],
    ['2001:db8::1', '2001:db8::1', true],
    ['a.c', 'abc', false],
  ] as const;
  for (const [hosts, name, expected] of PATTERNS) {
    it(`${hosts} ${expected ? 'matches' : 'does not match'} ${name}, as ssh-keygen sees it too`, () => {
      const file = write(`${hosts} ${key}\n`);
      expect(matched(file, name)).to.equal(expected);
      expect(found(file, name)).to.equal(expected);
    });
  }

  it('hashed by the real ssh-keygen are recognised', () => {
    const file = write(`web-01 ${key}\n[db-01]:2222 ${key}\n2001:db8::1 ${key}\n`);
    execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'ignore' });
    expect(readFileSync(file, 'utf8')).not.to.include('web-01');
    for (const name of ['web-01', '[db-01]:2222', '2001:db8::1']) expect(matched(file, name), name).to.equal(true);
    for (const name of ['web-02', 'db-01', '[web-01]:2222']) expect(matched(file, name), name).to.equal(false);
  });

  it('hashed here are recognised by the real ssh-keygen', () => {
    const file = write(`${hashName('[web-01]:2222')} ${key}\n`);
    expect(found(file, '[web-01]:2222')).to.equal(true);
    expect(found(file, 'web-01')).to.equal(false);
  });

  it('hashed match one name alone', () => {
    const names = fc.stringMatching(/^[a-z0-9][a-z0-9.:-]{0,30}$/);
    fc.assert(
      fc.property(names, names, (one, other) => {
        const [line] = parseKnownHosts(`${hashName(one)} ${key}`, 'file');
        return line !== undefined && matchesHost(line, one) && matchesHost(line, other) === (one === other);
      }),
    );
  });

  it('know a host by its name, with the port where that is not 22', () => {
    expect(knownName('Web-01', 22)).to.equal('web-01');
    expect(knownName('web-01', 2222)).to.equal('[web-01]:2222');
  });
});
