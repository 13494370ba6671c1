import { expect } from 'chai';
import { measure, measureMemory } from '../../bench/measure.js';
import type { Command } from '../../bench/workload.js';

const shell = (script: string, code = 0): Command => ({ argv: ['sh', '-c', script], code });
const node = (script: string): Command => ({ argv: [process.execPath, '-e', script], code: 0 });

async function refusal(command: Command): Promise<string> {
  return await measure(command).then(
    () => 'it was not refused',
    (error: unknown) => String(error),
  );
}

describe('the measuring of the bench', () => {
  it('counts the processors of a child of a child, and waiting as time only', async () => {
    const busy = await measure(shell('i=0; (while [ $i -lt 100000 ]; do i=$((i + 1)); done) & wait'));
    const idle = await measure(shell('sleep 0.2'));
    expect(busy.cpu).to.be.greaterThan(0.01);
    expect(idle.wall).to.be.greaterThan(0.2);
    expect(idle.cpu).to.be.lessThan(0.1);
  });

  it('takes the expected exit code only, and shows what a run with another one wrote', async () => {
    await measure(shell('exit 2', 2));
    expect(await refusal(shell('echo out; echo err >&2; exit 3', 2)))
      .to.include('exit code 3 instead of 2')
      .and.include('out\nerr');
    expect(await refusal(shell('exit 0', 2))).to.include('exit code 0 instead of 2');
  });

  it('keeps from all tools what makes Node begin with reading certificates', async () => {
    const before = process.env['NODE_EXTRA_CA_CERTS'];
    process.env['NODE_EXTRA_CA_CERTS'] = '/bundle';
    try {
      await measure(shell('[ -z "${NODE_EXTRA_CA_CERTS+set}" ] && [ -n "$PATH" ]'));
    } finally {
      if (before === undefined) delete process.env['NODE_EXTRA_CA_CERTS'];
      else process.env['NODE_EXTRA_CA_CERTS'] = before;
    }
  });

  it('sees memory that a process holds', async () => {
    const wait = 'setTimeout(() => block, 300)';
    const small = await measureMemory(node(`const block = 0; ${wait}`));
    const large = await measureMemory(node(`const block = Buffer.alloc(200e6, 1); ${wait}`));
    expect(large - small).to.be.within(150e6, 250e6);
  });
});
