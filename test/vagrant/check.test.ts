import { expect } from 'chai';
import { checkRecap } from './check.js';

const recap = (last: string): string => `    web-02: noise
PLAY RECAP
lb-01  : ok=9    changed=9    unreachable=0    failed=0    skipped=0
web-01 : ok=30   changed=0    unreachable=0    failed=0    skipped=0
${last}
`;

describe('the recap of a run on the local machines', () => {
  it('is fine where nothing failed', () => {
    checkRecap(recap('web-02 : ok=30   changed=3    unreachable=0    failed=0    skipped=0'), false);
  });

  it('is not where something failed, a host was not reached, or one is not in it', () => {
    for (const [line, message] of [
      ['web-02 : ok=3    changed=3    unreachable=0    failed=1    skipped=0', /failed=1/],
      ['web-02 : ok=3    changed=3    unreachable=1    failed=0    skipped=0', /unreachable=1/],
      ['', /nothing of web-02/],
    ] as const)
      expect(() => {
        checkRecap(recap(line), false);
      }).to.throw(message);
  });

  it('shows what a second run changed', () => {
    expect(() => {
      checkRecap(recap('web-02 : ok=30   changed=0    unreachable=0    failed=0    skipped=0'), true);
    }).to.throw(/second run changed something: lb-01/);
  });
});
