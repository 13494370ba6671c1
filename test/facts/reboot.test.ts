import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rebootState } from '../../src/facts/reboot.js';
import { parseRecorded } from '../support/recorded.js';
import { askLocally } from '../support/shell.js';

describe('facts/reboot', () => {
  it('tells why', () => {
    const of = (stdout: string) => parseRecorded(stdout, rebootState([]))[0];
    expect(of('')).to.deep.equal({ reasons: [], changed: [] });
    expect(of('required \n')).to.deep.include({ reasons: ['packages ask for it'] });
    expect(
      of('required dbus linux-image-6.1.0-28-amd64 \nkernel 6.1.0-27-amd64 6.1.0-28-amd64\nchanged /etc/a b\n'),
    ).to.deep.equal({
      reasons: ['dbus, linux-image-6.1.0-28-amd64 asks for it', 'kernel 6.1.0-27-amd64 runs, 6.1.0-28-amd64 is installed'],
      changed: ['/etc/a b'],
    });
  });

  it('finds files that were changed since this machine began', () => {
    const dir = mkdtempSync(join(tmpdir(), "it's "));
    const path = join(dir, 'new');
    writeFileSync(path, '');
    const [state] = askLocally(rebootState([path, join(dir, 'gone')]));
    rmSync(dir, { recursive: true });
    expect(state?.changed).to.deep.equal([path]);
  });
});
