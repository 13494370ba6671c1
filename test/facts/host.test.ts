import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { addresses } from '../../src/facts/addresses.js';
import { disks } from '../../src/facts/disks.js';
import { HOST_FACTS, machine, resources, systemd } from '../../src/facts/host.js';
import type { Read } from '../../src/model/fact.js';
import { askLocally } from '../support/shell.js';

describe('facts/host', () => {
  it('reads what a container host said', () => {
    expect(recorded(machine, 'machine')).to.deep.include({ hostname: 'lb-01', architecture: 'x86_64' });
    expect(recorded(machine, 'machine').bootId).to.match(/^[0-9a-f-]{36}$/);
    expect(recorded(machine, 'machine').uptimeSeconds).to.be.greaterThan(60);
    expect(recorded(resources, 'resources')).to.deep.include({ processors: 2, processorModel: 'AMD EPYC', swapBytes: 0 });
    expect(recorded(resources, 'resources').memoryBytes).to.equal(24_684_096 * 1024);
    expect(recorded(systemd, 'systemd')).to.deep.equal({ version: '252', state: 'running', failedUnits: [] });
    expect(recorded(addresses, 'addresses')[0]).to.deep.equal({
      interface: 'host0',
      address: '10.79.86.11',
      prefix: 24,
      family: 4,
      scope: 'global',
    });
    expect(recorded(disks, 'disks')).to.have.length(1);
    expect(recorded(disks, 'disks')[0]).to.deep.include({ device: 'overlay', mountPoint: '/', sizeBytes: 264_212_084 * 1024 });
  });

  it('names failed units, and does without systemd', () => {
    const said = 'systemd 257 (257.8-1~deb13u2)\ndegraded\nnginx.service loaded failed failed A web server\n';
    expect(parsed(systemd, said)).to.deep.equal({ version: '257', state: 'degraded', failedUnits: ['nginx.service'] });
    expect(parsed(systemd, '')).to.deep.equal({ version: undefined, state: 'offline', failedUnits: [] });
  });

  it('takes mount points with spaces, and addresses with a peer', () => {
    const df = 'Filesystem Type 1024-blocks Used Available Capacity Mounted on\n//nas/a b cifs 100 50 50 50% /mnt/my disk\n';
    expect(parsed(disks, df)).to.deep.equal([
      {
        device: '//nas/a b',
        type: 'cifs',
        mountPoint: '/mnt/my disk',
        sizeBytes: 102_400,
        availableBytes: 51_200,
        usedPercent: 50,
      },
    ]);
    const ip = '3: wg0    inet 10.9.0.1 peer 10.9.0.2/32 scope global wg0\\       valid_lft forever preferred_lft forever\n';
    expect(parsed(addresses, ip)[0]).to.deep.include({ interface: 'wg0', address: '10.9.0.1', prefix: 32 });
  });

  it('asks this machine without a failure', () => {
    expect(askLocally(HOST_FACTS.machine)[0]?.kernel).to.match(/^\d+\./);
    expect(askLocally(HOST_FACTS.resources)[0]?.memoryBytes).to.be.greaterThan(1e8);
    expect(askLocally(HOST_FACTS.disks)[0]?.map((disk) => disk.mountPoint)).to.include('/');
  });
});

function recorded<T>(read: Read<T>, name: string): T {
  return parsed(read, readFileSync(`test/fixtures/host/${name}.txt`, 'utf8'));
}

function parsed<T>(read: Read<T>, stdout: string): T {
  const [first] = read.fact.queries([null]);
  return first?.query.parse({ code: 0, stdout, stderr: '' })[0] as T;
}
