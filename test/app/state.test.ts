import { expect } from 'chai';
import fc from 'fast-check';
import { chooseRoles, isWritable, type ServerState } from '../../playbooks/app/db/state.js';

describe('the roles of the databases', () => {
  const kinds = fc.constantFrom<ServerState>(
    { kind: 'unknown' },
    { kind: 'writable' },
    { kind: 'read-only' },
    { kind: 'unreachable', error: 'ECONNREFUSED' },
  );

  it('have a writer exactly when one server is writable, and readers that are read-only', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), kinds), (states) => {
        const labels = (kind: string): string[] => Object.keys(states).filter((label) => states[label]?.kind === kind);
        const roles = chooseRoles(new Map(Object.entries(states)));
        expect(roles.writable).to.deep.equal(labels('writable'));
        expect(roles.readers).to.deep.equal(labels('read-only'));
        expect(roles.writer).to.equal(labels('writable').length === 1 ? labels('writable')[0] : undefined);
      }),
    );
  });

  it('come from read_only as a number or a word; a word that nobody knows is no leave to write', () => {
    expect([0, '0', 'OFF', 'off'].map(isWritable)).to.deep.equal([true, true, true, true]);
    expect([1, '1', 'ON', 'NO_LOCK', ''].map(isWritable)).to.deep.equal([false, false, false, false, false]);
  });
});
