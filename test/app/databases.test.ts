import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { expect } from 'chai';
import { jsonOf, startApp, stopApp, type App } from './support/app.js';
import { makeCertificates, type Certificates } from './support/certificates.js';
import { makeDataFolders, startMariaDb, type MariaDb } from './support/mariadb.js';
import { temporaryFolder } from './support/release.js';
import { until } from './support/until.js';

/** One story on two real servers: each step goes on from where the one before it ended. */
describe('the application on a primary and a replica', function () {
  this.timeout(20_000);
  const password = randomBytes(12).toString('hex');
  let tls: Certificates;
  let a: MariaDb;
  let b: MariaDb;
  let app: App;

  before(async () => {
    const folder = temporaryFolder();
    [tls] = await Promise.all([makeCertificates(folder), makeDataFolders(folder, ['a', 'b'])]);
    [a, b] = await Promise.all([startMariaDb(folder, 'a', 1, tls), startMariaDb(folder, 'b', 2, tls)]);
    await a.sql(
      'CREATE DATABASE app CHARACTER SET utf8mb4',
      `CREATE USER app@'127.0.0.1' IDENTIFIED BY '${password}' REQUIRE SSL`,
      "GRANT SELECT, INSERT, CREATE ON app.* TO app@'127.0.0.1'",
      `CREATE USER repl@'127.0.0.1' IDENTIFIED BY '${password}'`,
      "GRANT REPLICATION SLAVE ON *.* TO repl@'127.0.0.1'",
    );
    await follow(b, a);
    await until('the user reaches the replica', async () => b.value("SELECT 1 FROM mysql.user WHERE user = 'app'"));
    app = await startApp(environment());
  });
  after(async () => {
    await stopApp(app);
    await Promise.all([a, b].map((server) => server.kill()));
  });

  const environment = (host = 'localhost'): Record<string, string> => ({
    DB_HOSTS: `${host}:${a.port},${host}:${b.port}`,
    DB_USER: 'app',
    DB_PASSWORD: password,
    DB_NAME: 'app',
    DB_CA: tls.ca,
  });
  const label = (server: MariaDb): string => `localhost:${server.port}`;

  async function follow(replica: MariaDb, source: MariaDb, demote = ''): Promise<void> {
    await replica.sql(
      `CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=${source.port}, MASTER_USER='repl', MASTER_PASSWORD='${password}',
       MASTER_USE_GTID=slave_pos, MASTER_CONNECT_RETRY=1 ${demote}`,
      'START SLAVE',
    );
  }

  const post = (body: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${app.url}/notes`, { method: 'POST', body, headers, redirect: 'manual' });
  const stateOf = async (url: string): Promise<Record<string, unknown>> => jsonOf(await fetch(`${url}/dbz`));
  const seen = (what: string, wanted: Record<string, unknown>): Promise<unknown> =>
    until(what, async () => {
      const state = await stateOf(app.url);
      return Object.entries(wanted).every(([key, value]) => JSON.stringify(state[key]) === JSON.stringify(value))
        ? state
        : undefined;
    });

  /** Waits until a note is in what /notes shows, and gives that answer. */
  const shown = (text: string): Promise<Record<string, unknown>> =>
    until(`"${text}" is shown`, async () => {
      const answer = await jsonOf(await fetch(`${app.url}/notes`));
      return JSON.stringify(answer.notes).includes(JSON.stringify(text)) ? answer : undefined;
    });

  it('serves while no database is writable, and makes its table as soon as one is', async () => {
    await seen('two read-only servers', { writable: [], readers: [label(a), label(b)] });
    const refused = await post('too early');
    expect(refused.status).to.equal(503);
    expect(await jsonOf(refused)).to.include({ code: 'NO_WRITER' });
    await a.sql('SET GLOBAL read_only = OFF');
    await until('the table reaches the replica', () =>
      b.value("SELECT 1 FROM information_schema.tables WHERE table_name = 'notes'"),
    );
    await seen('who writes', { writer: label(a), readers: [label(b)] });
  });

  it('writes to the primary and reads from the replica', async () => {
    const note = "Grüße 👋 '); DROP TABLE notes; --";
    const response = await post(note, { 'content-type': 'text/plain; charset=utf-8' });
    expect(response.status).to.equal(201);
    expect(await jsonOf(response)).to.deep.equal({ id: 1, by: hostname(), db: label(a) });
    const answer = await shown(note);
    expect(answer)
      .to.include({ by: hostname(), readFrom: label(b), role: 'replica' })
      .and.not.have.property('degraded');
    const [stored] = answer.notes as { id: number; createdAt: string; host: string }[];
    expect(stored).to.include({ id: 1, host: hostname() });
    expect(Math.abs(Date.now() - Date.parse(stored?.createdAt ?? ''))).to.be.lessThan(10_000);
  });

  it('takes a note as JSON, as a form, and as curl sends it; a browser is led back to the page', async () => {
    expect((await post('{"text":"as JSON"}', { 'content-type': 'application/json' })).status).to.equal(201);
    expect((await post('as curl sends it', { 'content-type': 'application/x-www-form-urlencoded' })).status).to.equal(201);
    const form = await post('text=as+a+%3Cform%3E', { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' });
    expect([form.status, form.headers.get('location')]).to.deep.equal([303, '/']);
    for (const text of ['as JSON', 'as curl sends it', 'as a <form>']) await shown(text);
    const page = await (await fetch(app.url, { headers: { accept: 'text/html' } })).text();
    expect(page)
      .to.contain('<li>as a &lt;form&gt;<small>')
      .and.to.contain(`Read from the replica ${label(b)}.`);
  });

  it('leaves the binary log alone when it starts again', async () => {
    const before = await a.value('SELECT @@gtid_binlog_pos');
    const second = await startApp(environment());
    await until('it knows the writer', async () => ((await stateOf(second.url)).writer === label(a) ? true : undefined));
    expect((await fetch(`${second.url}/notes`)).status).to.equal(200);
    await stopApp(second);
    expect(await a.value('SELECT @@gtid_binlog_pos')).to.equal(before);
  });

  it('verifies the certificate and the name in it', async () => {
    const states = async (changed: Record<string, string>, host?: string): Promise<unknown[]> => {
      const other = await startApp({ ...environment(host), ...changed });
      const found = await until('the first probe', async () => {
        const databases = Object.values((await stateOf(other.url)).databases ?? {}) as { kind: string; error?: string }[];
        return databases.some(({ kind }) => kind === 'unknown') ? undefined : databases;
      });
      await stopApp(other);
      return found.map(({ kind, error }) => error ?? kind);
    };
    expect(await states({ DB_CA: tls.otherCa })).to.deep.equal(['HANDSHAKE_SSL_ERROR', 'HANDSHAKE_SSL_ERROR']);
    // 127.1 is another way to write the same address, and a name that is not in the certificate.
    expect(await states({}, '127.1')).to.deep.equal(['HANDSHAKE_SSL_ERROR', 'HANDSHAKE_SSL_ERROR']);
    expect(await states({ DB_VERIFY_IDENTITY: 'false' }, '127.0.0.1')).to.deep.equal(['writable', 'read-only']);
    expect(await states({ DB_CA: '' }), 'without TLS the server refuses this user').to.deep.equal([
      'ER_ACCESS_DENIED_ERROR',
      'ER_ACCESS_DENIED_ERROR',
    ]);
  });

  it('reads from the primary while the replica hangs, and from the replica again after that', async () => {
    b.signal('SIGSTOP');
    const answer = await jsonOf(await fetch(`${app.url}/notes`));
    expect(answer).to.include({ readFrom: label(a), role: 'primary', degraded: 'DEADLINE' });
    await seen('that the replica is away', { readers: [] });
    expect(await jsonOf(await fetch(`${app.url}/notes`))).to.not.have.property('degraded');
    b.signal('SIGCONT');
    await seen('that the replica is back', { readers: [label(b)] });
    expect(await jsonOf(await fetch(`${app.url}/notes`))).to.include({ readFrom: label(b), role: 'replica' });
  });

  it('follows a switchover with the very next request, and stores the note once', async () => {
    await a.sql('SET GLOBAL read_only = ON');
    const position = await a.value('SELECT @@gtid_binlog_pos');
    expect(await b.value(`SELECT MASTER_GTID_WAIT('${position ?? ''}', 5)`)).to.equal('0');
    await b.sql('STOP SLAVE', 'RESET SLAVE ALL', 'SET GLOBAL read_only = OFF');
    const response = await post('after the switchover');
    expect(await jsonOf(response)).to.include({ db: label(b) });
    expect(response.status).to.equal(201);
    await follow(a, b, ', MASTER_DEMOTE_TO_SLAVE=1');
    await shown('after the switchover');
    await seen('the new replica', { writer: label(b), readers: [label(a)] });
    expect(await b.value("SELECT COUNT(*) FROM app.notes WHERE text = 'after the switchover'")).to.equal('1');
  });

  it('writes nowhere while two servers are writable', async () => {
    await a.sql('SET GLOBAL read_only = OFF');
    await seen('two writable servers', { writer: null, writable: [label(a), label(b)] });
    const response = await post('which of them?');
    expect(response.status).to.equal(503);
    expect(await jsonOf(response)).to.include({ code: 'SEVERAL_WRITERS' });
    expect((await fetch(`${app.url}/notes`)).status, 'reading goes on').to.equal(200);
    await a.sql('SET GLOBAL read_only = ON');
    await seen('one writer again', { writer: label(b) });
  });

  it('goes on after the primary was killed, as soon as the replica is promoted', async () => {
    expect((await post('the last one of the old primary')).status).to.equal(201);
    await shown('the last one of the old primary');
    await b.kill();
    const refused = await post('nowhere');
    expect(refused.status).to.equal(503);
    expect(await jsonOf(await fetch(`${app.url}/notes`))).to.include({ readFrom: label(a), role: 'replica' });
    await a.sql('STOP SLAVE', 'RESET SLAVE ALL', 'SET GLOBAL read_only = OFF');
    const response = await post('the first one of the new primary');
    expect(await jsonOf(response)).to.include({ db: label(a) });
    expect(await jsonOf(await fetch(`${app.url}/notes`))).to.include({ readFrom: label(a), role: 'primary' });
  });

  it('stays up when no database is left', async () => {
    await a.kill();
    expect((await fetch(`${app.url}/notes`)).status).to.equal(503);
    expect((await post('a note')).status).to.equal(503);
    expect((await fetch(`${app.url}/healthz`)).status).to.equal(200);
    expect(app.output()).to.not.contain(password);
  });
});
