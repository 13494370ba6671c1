import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { z } from 'zod';
import { loadInventory } from '../../src/inventory/load.js';
import { selectHosts } from '../../src/inventory/pattern.js';
import type { Inventory } from '../../src/model/inventory.js';

const FIXTURES = 'test/fixtures/inventory';

/** What `ansible-inventory --list` prints. */
const recorded = z
  .object({ _meta: z.object({ hostvars: z.record(z.string(), z.record(z.string(), z.unknown())) }) })
  .catchall(z.object({ hosts: z.array(z.string()).default([]), children: z.array(z.string()).default([]) }));

async function both(name: string): Promise<{ ours: Inventory; theirs: z.output<typeof recorded> }> {
  const theirs = recorded.parse(JSON.parse(readFileSync(`${FIXTURES}/${name}/ansible-inventory.json`, 'utf8')));
  return { ours: await loadInventory(`${FIXTURES}/${name}/hosts.yml`), theirs };
}

describe('inventories beside what Ansible makes of them', () => {
  for (const name of ['precedence', 'ranges', 'patterns']) {
    it(`gives every host of ${name} the same variables`, async () => {
      const { ours, theirs } = await both(name);
      const withVars = ours.hosts.filter((host) => Object.keys(host.vars).length > 0);
      expect(Object.fromEntries(withVars.map((host) => [host.name, host.vars]))).to.deep.equal(theirs._meta.hostvars);
    });

    it(`gives every group of ${name} the same hosts`, async () => {
      const { ours, theirs } = await both(name);
      const hostsOf = (group: string): string[] => {
        const entry = theirs[group];
        return entry === undefined ? [] : [...entry.hosts, ...entry.children.flatMap(hostsOf)];
      };
      const named = Object.keys(theirs).filter((group) => group !== '_meta');
      expect(named).to.include('all');
      for (const group of named)
        expect([...(ours.groups.get(group) ?? [])].sort(), group).to.deep.equal([...new Set(hostsOf(group))].sort());
    });
  }

  const patterns = readFileSync(`${FIXTURES}/patterns/list-hosts.txt`, 'utf8').trimEnd().split('\n');
  // Where there is a comma, Ansible takes ":" for a part of a name, and it takes [1-3] for places in a group. Here ":" and
  // "," are the same, and brackets are places only behind something that exists.
  const DIFFERENT: Readonly<Record<string, readonly string[]>> = {
    'lb:web,primary': ['lb-01', 'web-01', 'web-02', 'web-03', 'web-04', 'db-01'],
    'web-01,web-02:!web-01': ['web-02'],
    'web-0[1-3]': ['web-01', 'web-02', 'web-03'],
  };
  for (const line of patterns) {
    const [pattern = '', hosts = ''] = line.split(' => ');
    const expected = DIFFERENT[pattern] ?? hosts.split(' ').filter((host) => host !== '');
    it(`selects ${expected.length} hosts with ${pattern}`, async () => {
      const { ours } = await both('patterns');
      if (expected.length === 0) expect(() => selectHosts(ours, pattern)).to.throw('leaves no host');
      else expect([...selectHosts(ours, pattern)].sort()).to.deep.equal([...expected].sort());
    });
  }
});
