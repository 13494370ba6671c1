import { expect } from 'chai';
import { complaintOf } from '../../../bench/peers/recap.js';

/** As Ansible 2.14 writes it. */
const recap = `
PLAY RECAP *********************************************************************
lb-01                      : ok=31   changed=0    unreachable=0    failed=0    skipped=0    rescued=0    ignored=0
web-01                     : ok=31   changed=2    unreachable=0    failed=0    skipped=0    rescued=0    ignored=0
`;

describe("the reading of Ansible's recap", () => {
  it('finds the hosts on which something else happened than was to be measured', () => {
    expect(complaintOf(recap, 2, false))
      .to.include('no changes expected')
      .and.include('web-01')
      .and.not.include('lb-01');
    expect(complaintOf(recap, 2, true)).to.include('changes expected on each host; lb-01');
    expect(complaintOf(recap.replace('changed=2', 'changed=0'), 2, false)).to.equal(undefined);
    expect(complaintOf(recap.replace('changed=0', 'changed=11'), 2, true)).to.equal(undefined);
  });

  it('misses hosts, and takes no unreachable one', () => {
    expect(complaintOf(recap, 3, false)).to.equal('a recap of 2 hosts instead of 3');
    expect(complaintOf(recap.replace('changed=2    unreachable=0', 'changed=0    unreachable=1'), 2, false)).to.include('web-01');
  });
});
