import { expect } from 'chai';
import type { Rig } from '../rig/rig.js';
import { bareRig } from '../rig/sharedRig.js';

describe('a rig of container hosts', function () {
  this.timeout(120_000);
  let rig: Rig;

  before('start it', async function () {
    this.timeout(0);
    rig = await bareRig();
  });

  async function output(host: string, command: string, root = false): Promise<string> {
    const result = await rig.ssh(host, command, { root });
    expect(result.code, `${command} on ${host}: ${result.stderr}`).to.equal(0);
    return result.stdout.trim();
  }

  it('has three hosts, each with its own name, address, machine id and host key', async () => {
    expect(Object.keys(rig.hosts)).to.deep.equal(['lb-01', 'web-01', 'web-02']);
    const ids = new Set<string>();
    for (const [name, { address }] of Object.entries(rig.hosts)) {
      expect(await output(name, 'hostname')).to.equal(name);
      expect(await output(name, 'ip -brief addr show host0')).to.contain(` ${address}/24`);
      ids.add(await output(name, 'cat /etc/machine-id'));
      ids.add(await output(name, 'cut -d" " -f2 /etc/ssh/ssh_host_ed25519_key.pub'));
    }
    expect(ids).to.have.property('size', 6);
  });

  it('has booted completely, with no failed unit', async () => {
    for (const host of Object.keys(rig.hosts)) expect(await output(host, 'systemctl is-system-running')).to.equal('running');
  });

  it('has no Python', async () => {
    for (const host of Object.keys(rig.hosts)) {
      expect(await output(host, 'find / -xdev -name "python*" -path "*bin/*" 2>/dev/null || true')).to.equal('');
    }
  });

  it('lets its user become root without a password', async () => {
    expect(await output('web-01', 'id -un')).to.equal('deploy');
    expect(await output('web-01', 'id -un', true)).to.equal('root');
  });

  it('reports the exit code, output and errors of a command apart', async () => {
    expect(await rig.ssh('web-01', 'cat; echo oops >&2; exit 7', { input: 'given' })).to.deep.equal({
      code: 7,
      stdout: 'given',
      stderr: 'oops\n',
    });
  });

  it('shows exactly what was changed on a host, and is bare after a reset', async () => {
    const bare = await rig.fingerprint('web-02');
    expect(await rig.fingerprint('web-02')).to.deep.equal(bare);
    await output('web-02', 'echo new > /etc/new-file && chmod 0640 /etc/new-file && rm /etc/issue', true);
    const changed = await rig.fingerprint('web-02');
    expect(changed['/etc/issue']).to.equal('deleted');
    expect(changed['/etc/new-file']).to.match(/^file 0640 0:0 [0-9a-f]{64}$/);

    const key = await output('web-02', 'cat /etc/ssh/ssh_host_ed25519_key.pub');
    await rig.reset('web-02');
    expect(await output('web-02', 'ls /etc/new-file 2>&1 || cat /etc/issue'))
      .to.contain('No such file')
      .and.contain('Debian');
    expect(await output('web-02', 'cat /etc/ssh/ssh_host_ed25519_key.pub')).to.equal(key);
  });

  it('installs packages', async () => {
    await output(
      'web-01',
      'apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends nftables',
      true,
    );
    expect(await output('web-01', 'nft list ruleset && echo works', true)).to.contain('works');
  });
});
