import { expect } from 'chai';
import { DatabaseError, wasNotExecuted } from '../../playbooks/app/db/errors.js';

describe('a failed write', () => {
  const failure = (stage: 'connect' | 'statement', code: string): DatabaseError =>
    new DatabaseError('db-01', stage, Object.assign(new Error('failed'), { code }));

  it('is sent again only when it certainly was not executed', () => {
    expect(wasNotExecuted(failure('connect', 'ECONNREFUSED'))).to.equal(true);
    expect(wasNotExecuted(failure('statement', 'ER_OPTION_PREVENTS_STATEMENT'))).to.equal(true);
    expect(wasNotExecuted(failure('statement', 'PROTOCOL_CONNECTION_LOST'))).to.equal(false);
    expect(wasNotExecuted(failure('statement', 'DEADLINE'))).to.equal(false);
    expect(wasNotExecuted(new Error('a mistake of our own'))).to.equal(false);
  });
});
