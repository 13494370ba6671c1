import { expect } from 'chai';
import fc from 'fast-check';
import { ABSENT } from '../../src/facts/file.js';
import { PlanError } from '../../src/model/errors.js';
import { rulesetText, type Ruleset } from '../../src/tasks/firewall/ruleset.js';
import { isNetwork, sourcesOf } from '../../src/tasks/firewall/sources.js';
import { firewall } from '../../src/tasks/firewall.js';
import { planAfter, planOn } from '../support/plan.js';

const SSH: Ruleset['ssh'] = { ports: [22], from: [], perMinute: 60 };

describe('tasks/firewall', () => {
  it('opens a port to anybody, or to addresses of both families', () => {
    const { text } = rulesetText({
      ssh: { ...SSH, ports: [22, 2222], from: ['192.0.2.0/24', '2001:db8::1'] },
      accept: [
        { name: 'web', protocol: 'tcp', ports: [80, 443], from: undefined },
        { name: 'VRRP', protocol: 'vrrp', ports: [], from: ['10.0.0.12'] },
      ],
    });
    expect(text).to.contain('tcp dport { 80, 443 } counter accept comment "web"');
    expect(text).to.contain('ip saddr 10.0.0.12 meta l4proto 112 counter accept comment "VRRP"');
    expect(text).to.contain('ip saddr 192.0.2.0/24 tcp dport { 22, 2222 } counter accept comment "ssh"');
    expect(text).to.contain('ip6 saddr 2001:db8::1 tcp dport { 22, 2222 } counter accept comment "ssh"');
    expect(text).to.not.contain('flush ruleset').and.not.contain('update @ssh4');
  });

  it('limits how often anybody may try to log in where no control address is given', () => {
    const { text } = rulesetText({ ssh: SSH, accept: [] });
    expect(text).to.contain('update @ssh4 { ip saddr limit rate over 60/minute burst 120 packets } counter drop');
    expect(text).to.contain('tcp dport 22 counter accept comment "ssh"');
  });

  it('lets on what was open before the rules, behind what is invalid and only without SYN', () => {
    const { text } = rulesetText({ ssh: SSH, accept: [] });
    expect(text).to.match(
      /ct state invalid counter drop\n +tcp dport 32768-65535 tcp flags & \(fin \| syn \| rst \| ack\) == ack ct state new accept\n/,
    );
  });

  it('tells rules from others by a word', () => {
    const one = rulesetText({ ssh: SSH, accept: [] });
    const other = rulesetText({ ssh: { ...SSH, perMinute: 61 }, accept: [] });
    expect(one.rules).to.not.equal(other.rules);
    expect(one.text).to.contain(`comment "rules ${one.rules}:`);
  });

  it('leaves out what lies within another source: nftables refuses sets that overlap', () => {
    expect(sourcesOf(['10.1.2.3', '10.0.0.0/8', '10.0.0.0/8', '2001:db8::/32', '2001:db8::7', '192.0.2.1'])).to.deep.equal({
      ipv4: ['10.0.0.0/8', '192.0.2.1'],
      ipv6: ['2001:db8::/32'],
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.ipV4(), fc.integer({ min: 8, max: 32 }))), (given) => {
        const all = given.map(([address, bits]) => `${address}/${bits}`);
        const { ipv4 } = sourcesOf(all);
        expect(all).to.include.members([...ipv4]);
        expect(ipv4.length === 0).to.equal(all.length === 0);
        expect(sourcesOf(ipv4).ipv4).to.deep.equal(ipv4);
      }),
    );
  });

  it('tells addresses and networks from names', () => {
    expect(['10.0.0.1', '10.0.0.0/24', '::1', 'fe80::/10'].map(isNetwork)).to.deep.equal([true, true, true, true]);
    expect(['web-01', '10.0.0.1/33', '10.0.0.0/', '::1/129', ''].map(isNetwork)).to.deep.equal([
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  it('refuses a rule without ports, and a source that is neither address nor name', () => {
    expect(() => firewall({ accept: [{ name: 'x' }] })).to.throw('expected ports');
    expect(() => firewall({ accept: [{ name: 'x', ports: [1], from: ['10.0.0.300'] }] })).to.throw('expected an address');
  });

  const task = firewall({ sshFrom: ['10.0.0.1'] });
  const { rules } = rulesetText({ ssh: { ...SSH, from: ['10.0.0.1'] }, accept: [] });
  const bare = { file: ABSENT, nftTable: { state: 'absent' }, sshPorts: [22], unconfirmed: false };

  it('loads the rules under a guard that knows the old ones, and only then keeps them for the next boot', async () => {
    const changes = await planOn(task, bare);
    expect(changes.map(({ summary }) => summary)).to.deep.equal([
      'load the rules (undone after 30 s unless a new login confirms it)',
      'create',
    ]);
    expect(changes[0]?.steps[0]).to.include({ kind: 'guarded', seconds: 30, undo: 'nft -f ./old.nft' });
    expect(changes[1]?.diff?.after).to.contain(`rules ${rules}`);
    expect(await planAfter(task, bare)).to.deep.equal([]);
  });

  it('loads them again where others are loaded, or somebody has changed them by hand', async () => {
    const [create] = (await planOn(task, bare)).slice(1);
    const kept = Object.fromEntries((create?.predicts ?? []).map(({ key, value }) => [key, value]));
    for (const live of [
      { state: 'loaded', rules, edited: true },
      { state: 'loaded', rules: 'other', edited: false },
    ]) {
      const changes = await planOn(task, { ...bare, ...kept, nftTable: live });
      expect(changes.map(({ summary }) => summary.split(' (')[0])).to.deep.equal([
        live.edited ? 'load the rules, which were changed by hand' : 'load the new rules',
      ]);
    }
    expect(await planOn(task, { ...bare, ...kept, nftTable: { state: 'loaded', rules, edited: false } })).to.deep.equal([]);
    const left = { ...bare, ...kept, nftTable: { state: 'loaded', rules, edited: false }, unconfirmed: true };
    expect((await planOn(task, left)).map(({ summary }) => summary)).to.deep.equal([
      'confirm by a new login what an interrupted run has changed',
    ]);
  });

  it('opens the ports that sshd has, and looks names up on the host', async () => {
    const named = firewall({ accept: [{ name: 'database', ports: [3306], from: ['web-09'] }] });
    const found = { ...bare, sshPorts: [2222], resolved: ['10.0.0.9'] };
    const after = (await planOn(named, found))[1]?.diff?.after;
    expect(after).to.contain('tcp dport 2222 counter accept').and.contain('ip saddr 10.0.0.9 tcp dport 3306');
    const error = await planOn(named, { ...found, resolved: [] }).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(PlanError).with.property('message').that.contains('web-09');
  });

  it('removes its table and its file, and nothing else', async () => {
    const gone = firewall({ state: 'absent' });
    const live = {
      ...bare,
      file: { ...ABSENT, type: 'file', content: 'x' },
      nftTable: { state: 'loaded', rules, edited: false },
    };
    const steps = (await planOn(gone, live)).flatMap((change) => change.steps);
    expect(steps.map((step) => step.kind === 'shell' && step.script)).to.deep.equal([
      "nft 'table inet provision; delete table inet provision'",
      'rm -f -- /etc/nftables.d/provision.nft',
    ]);
    expect(await planOn(gone, bare)).to.deep.equal([]);
  });
});
