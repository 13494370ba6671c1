import { expect } from 'chai';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderTemplate } from '../../src/templates/render.js';
import { reveal } from '../../src/util/secret.js';
import { runLocally } from '../support/shell.js';

/** What `apt-get -s upgrade` says on Debian and Ubuntu, with a new package and an update that is not of security. */
const SIMULATION = `Reading package lists...
The following packages will be upgraded:
  libssl3 openssl tzdata
Inst libssl3 [3.0.15-1~deb12u1] (3.0.19-1~deb12u1 Debian-Security:12/stable-security [amd64])
Inst mariadb-server [1:10.11.6-0+deb12u1] (1:10.11.18-0+deb12u1 Debian-Security:12/oldstable-security [amd64]) []
Inst tzdata [2024a-0+deb12u1] (2025b-0+deb12u2 Debian:12.12/stable [all])
Inst linux-image-6.1.0-40-amd64 (6.1.153-1 Debian-Security:12/stable-security [amd64])
Inst curl [8.5.0-2ubuntu10.5] (8.5.0-2ubuntu10.6 Ubuntu:24.04/noble-updates, Ubuntu:24.04/noble-security [amd64])
Conf libssl3 (3.0.19-1~deb12u1 Debian-Security:12/stable-security [amd64])
`;

describe('templates/security-updates.sh.ejs', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'updates-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function installed(simulation: string, exclude: readonly string[] = []): string {
    const log = join(folder, 'log');
    writeFileSync(join(folder, 'simulation'), simulation);
    writeFileSync(
      join(folder, 'apt-get'),
      `#!/bin/sh\ncase "$*" in *-s\\ *) cat ${folder}/simulation ;; *install*) echo "$*" >${log} ;; esac\n`,
    );
    chmodSync(join(folder, 'apt-get'), 0o755);
    writeFileSync(log, '');
    const script = reveal(renderTemplate('templates/security-updates.sh.ejs', { exclude }));
    const { code, stderr } = runLocally(`PATH=${folder}:$PATH\n${script}`);
    expect(code, stderr).to.equal(0);
    return readFileSync(log, 'utf8')
      .replace(/^.*--only-upgrade install/, '')
      .trim();
  }

  it('upgrades what the security archive has newer, and nothing else', () => {
    expect(installed(SIMULATION)).to.equal('libssl3 mariadb-server curl');
  });

  it('leaves out what is excluded, and does nothing where nothing is left', () => {
    expect(installed(SIMULATION, ['mariadb-server', 'lib'])).to.equal('libssl3 curl');
    expect(installed(SIMULATION, ['mariadb-server', 'libssl3', 'curl'])).to.equal('');
    expect(installed('Reading package lists...\n')).to.equal('');
  });
});
