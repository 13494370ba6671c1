import { expect } from 'chai';
import { parseSshPorts } from '../../src/facts/sshPorts.js';

describe('the ports of sshd', () => {
  const said = (stdout: string) => parseSshPorts({ stdout });

  it('are what sshd -T names, in the spelling of OpenSSH before 10.6 and since', () => {
    expect(said('port 2222\nport 22\naddressfamily any\ngatewayports no\n')).to.deep.equal([22, 2222]);
    expect(said('Port 2222\nAddressFamily any\nGatewayPorts no\n')).to.deep.equal([2222]);
  });

  it('are 22 where sshd does not tell', () => {
    expect(said('')).to.deep.equal([22]);
  });
});
