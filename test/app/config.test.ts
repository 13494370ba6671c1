import { writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ConfigError, readConfig } from '../../playbooks/app/config/config.js';
import { parseServers } from '../../playbooks/app/config/servers.js';
import { temporaryFolder } from './support/release.js';

const NEEDED = { DB_HOSTS: 'db-01,db-02', DB_USER: 'app', DB_PASSWORD: 'pw', DB_NAME: 'app' };

/** What is wrong with an environment that has all that is needed, but for these changes. */
function problemsOf(changes: Record<string, string | undefined>): readonly string[] {
  try {
    readConfig({ ...NEEDED, ...changes });
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('the configuration of the application', () => {
  const folder = temporaryFolder();
  const file = (name: string, content: string): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const ca = file('ca.pem', '-----BEGIN CERTIFICATE-----\n');

  it('has defaults for all but the databases', () => {
    expect(readConfig(NEEDED)).to.deep.equal({
      listen: '127.0.0.1',
      port: 8080,
      release: 'dev',
      site: 'localhost',
      host: hostname(),
      drainSeconds: 2,
      finishSeconds: 8,
      accessLog: false,
      db: {
        servers: [
          { label: 'db-01', host: 'db-01', port: 3306 },
          { label: 'db-02', host: 'db-02', port: 3306 },
        ],
        user: 'app',
        password: 'pw',
        name: 'app',
      },
    });
  });

  it('takes the password from a file, without the line end', () => {
    const path = file('password', 'from the file\n');
    expect(readConfig({ ...NEEDED, DB_PASSWORD: undefined, DB_PASSWORD_FILE: path }).db.password).to.equal('from the file');
  });

  it('verifies names in certificates unless told otherwise', () => {
    const pem = '-----BEGIN CERTIFICATE-----\n';
    expect(readConfig({ ...NEEDED, DB_CA: ca }).db.tls).to.deep.equal({ ca: pem, verifyIdentity: true });
    const off = readConfig({ ...NEEDED, DB_HOSTS: '10.0.0.1', DB_CA: ca, DB_VERIFY_IDENTITY: 'no' });
    expect(off.db.tls).to.deep.equal({ ca: pem, verifyIdentity: false });
  });

  const wrong: [title: string, changes: Record<string, string | undefined>, problem: RegExp][] = [
    ['a port out of range', { DB_PORT: '70000' }, /^DB_PORT is "70000", expected a port from 0 to 65535$/],
    ['a flag that is none', { ACCESS_LOG: 'maybe' }, /^ACCESS_LOG is "maybe", expected true or false$/],
    ['a release that no header can hold', { RELEASE: 'r1\nx: y' }, /^RELEASE is .* expected visible ASCII/s],
    ['two passwords', { DB_PASSWORD_FILE: ca }, /^DB_PASSWORD and DB_PASSWORD_FILE are both set/],
    [
      'no such password file',
      { DB_PASSWORD: '', DB_PASSWORD_FILE: '/no/such' },
      /^DB_PASSWORD_FILE names "\/no\/such", .*ENOENT/,
    ],
    [
      'an empty password file',
      { DB_PASSWORD: '', DB_PASSWORD_FILE: file('empty', '\n') },
      /^DB_PASSWORD_FILE names ".*", which is empty$/,
    ],
    ['an authority that is none', { DB_CA: file('not.pem', 'x') }, /^DB_CA names ".*", which holds no PEM certificate$/],
    [
      'a name check of an address',
      { DB_CA: ca, DB_HOSTS: 'db-01,10.0.0.1' },
      /^DB_HOSTS names the address "10\.0\.0\.1", .*DB_VERIFY_IDENTITY=false/,
    ],
    ['a server that is named twice', { DB_HOSTS: 'db-01,db-01:3306' }, /^DB_HOSTS names the server "db-01:3306" twice$/],
    ['no server at all', { DB_HOSTS: '' }, /^DB_HOSTS is not set: every database server/],
  ];
  for (const [title, changes, problem] of wrong) {
    it(`refuses ${title}`, () => {
      const problems = problemsOf(changes);
      expect(problems).to.have.length(1);
      expect(problems[0]).to.match(problem);
    });
  }

  it('understands names, addresses and ports', () => {
    expect(parseServers('10.0.0.1, db-02:3307,2001:db8::1,[2001:db8::2],[2001:db8::2]:3308', 3306)).to.deep.equal({
      servers: [
        { label: '10.0.0.1', host: '10.0.0.1', port: 3306 },
        { label: 'db-02:3307', host: 'db-02', port: 3307 },
        { label: '2001:db8::1', host: '2001:db8::1', port: 3306 },
        { label: '[2001:db8::2]', host: '2001:db8::2', port: 3306 },
        { label: '[2001:db8::2]:3308', host: '2001:db8::2', port: 3308 },
      ],
    });
    for (const bad of ['', 'a,,b', 'a:b', 'a:0', '[a]:1', 'user@host', '[::1']) {
      expect(parseServers(bad, 3306), bad).to.have.property('problem');
    }
  });
});
