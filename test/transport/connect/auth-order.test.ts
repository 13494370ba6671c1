import { expect } from 'chai';
import fc from 'fast-check';
import { createAuthOrder } from '../../../src/transport/connect/auth-order.js';
import type { Candidate } from '../../../src/transport/connect/candidate.js';

const candidate = (label: string, method: Candidate['method'], asks = false): Candidate => ({
  label,
  method,
  asks,
  prepare: () => Promise.resolve(undefined),
  signed: () => false,
});
const key = candidate('key', 'publickey');
const otherKey = candidate('other key', 'publickey');
const password = candidate('password', 'password');
const asked = candidate('asked', 'password', true);

describe('the order of login methods', () => {
  it('is that of the candidates', () => {
    const order = createAuthOrder([key, password]);
    expect(order.next()).to.equal(key);
    order.refused(undefined);
    expect(order.next()).to.equal(password);
    order.refused(['publickey', 'password']);
    expect(order.next()).to.equal(undefined);
    expect(order.methods()).to.deep.equal(['publickey', 'password']);
  });

  it('leaves out what the server does not take', () => {
    const order = createAuthOrder([password, key]);
    order.next();
    order.refused(['publickey']);
    expect(order.next()).to.equal(key);
  });

  it('asks the server first, before it asks a person', () => {
    const order = createAuthOrder([asked]);
    expect(order.next()).to.equal('probe');
    order.refused(['publickey']);
    expect(order.next()).to.equal(undefined);
  });

  it('asks the person where the server takes it, or does not say', () => {
    for (const answer of [['password'], undefined]) {
      const order = createAuthOrder([asked]);
      expect(order.next()).to.equal('probe');
      order.refused(answer);
      expect(order.next()).to.equal(asked);
    }
  });

  it('asks the server what it takes before it gives up', () => {
    const order = createAuthOrder([]);
    expect(order.next()).to.equal('probe');
    order.refused(['publickey']);
    expect(order.next()).to.equal(undefined);
    expect(order.methods()).to.deep.equal(['publickey']);
  });

  it('goes on with the rest, and what was refused before, after one of several steps', () => {
    const order = createAuthOrder([key, otherKey, password]);
    order.next();
    order.refused(['password']);
    expect(order.next()).to.equal(password);
    order.accepted(['publickey']);
    expect(order.next()).to.equal(key);
    order.refused(['publickey']);
    expect(order.next()).to.equal(otherKey);
  });

  it('always ends, whatever the server answers', () => {
    const methods = fc.option(fc.subarray(['publickey', 'password', 'keyboard-interactive'] as const), { nil: undefined });
    const candidates = fc.array(
      fc.record({ method: fc.constantFrom('publickey' as const, 'password' as const), asks: fc.boolean() }),
    );
    fc.assert(
      fc.property(candidates, fc.array(fc.record({ right: fc.boolean(), methods })), (list, answers) => {
        const order = createAuthOrder(list.map(({ method, asks }, index) => candidate(String(index), method, asks)));
        let tries = 0;
        for (let next = order.next(); next !== undefined; next = order.next()) {
          const answer = answers[tries++];
          if (answer?.right === true && next !== 'probe') order.accepted(answer.methods);
          else order.refused(answer?.methods);
          expect(tries).to.be.below(2 * (list.length + 2) ** 2 + answers.length);
        }
      }),
    );
  });
});
