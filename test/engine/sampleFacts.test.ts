import { expect } from 'chai';
import { z } from 'zod';
import { playbook } from '../../src/model/playbook.js';
import { createAsked, type SampleOfFact } from '../../src/engine/sampleFacts.js';

describe('the samples that tasks are made with', () => {
  const { plays } = playbook({
    vars: z.object({}),
    groups: [],
    plays: [
      { name: 'one', hosts: 'all', tasks: () => [] },
      { name: 'two', hosts: 'all', tasks: () => [] },
    ],
  });
  const [play, other] = plays;
  const samples = (os: number, machine: number): readonly SampleOfFact[] => [
    { name: 'os', index: os, value: `os ${os}` },
    { name: 'machine', index: machine, value: `machine ${machine}` },
  ];

  it('are new as long as a fact differs that was looked at, for each play and host', () => {
    if (play === undefined || other === undefined) throw new Error('two plays were made');
    const asked = createAsked();
    expect(asked.factsFor(play, 'a', samples(0, 0))?.['os']).to.equal('os 0');
    expect(asked.factsFor(play, 'a', samples(0, 1))).to.equal(undefined);
    expect(asked.factsFor(play, 'b', samples(0, 1))).to.not.equal(undefined);
    expect(asked.factsFor(other, 'a', samples(0, 1))).to.not.equal(undefined);
    expect(asked.factsFor(play, 'a', samples(1, 1))?.['machine']).to.equal('machine 1');
    expect(asked.factsFor(play, 'a', samples(2, 1))).to.equal(undefined);
    expect(asked.factsFor(play, 'a', samples(2, 0))).to.not.equal(undefined);
  });

  it('are all looked at by what takes the facts as a whole', () => {
    if (play === undefined) throw new Error('a play was made');
    const asked = createAsked();
    expect({ ...asked.factsFor(play, 'a', samples(0, 0)) }).to.deep.equal({ os: 'os 0', machine: 'machine 0' });
    expect(asked.factsFor(play, 'a', samples(0, 1))).to.not.equal(undefined);
  });
});
