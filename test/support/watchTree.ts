// To look at the screen with any number of hosts: `npx tsx test/support/watchTree.ts 50 [--check] [--diff]`.
import { coloursFor } from '../../src/report/colours.js';
import { createReporter, OUTPUTS } from '../../src/report/reporter.js';
import { simulate } from './simulate.js';

const hosts = Array.from({ length: Number(process.argv[2] ?? 3) }, (_, index) => `web-${String(index + 1).padStart(2, '0')}`);
const kind = OUTPUTS.find((one) => process.argv.includes(one)) ?? 'tree';
const reporter = await createReporter(kind, {
  output: process.stdout,
  colours: coloursFor(process.stdout),
  diff: process.argv.includes('--diff'),
  verbose: process.argv.filter((one) => one === '-v').length,
});
const tasks = ['hostname', 'package nginx', 'template /etc/nginx/nginx.conf', 'service nginx', 'file /etc/motd', 'user app'];
const dryRun = process.argv.includes('--check');
const run = simulate({
  hosts,
  plays: [
    { name: 'every host', tasks: [...tasks, ...tasks.map((task) => `${task} (again)`)] },
    { name: 'web', tasks },
  ],
  dryRun,
  outcome: (host, task) => {
    if (host.endsWith('2') && task === 'package nginx') return hosts.length > 3 ? 'failed' : 'changed';
    if (host === 'web-01' && task === 'service nginx' && dryRun) return 'unknown';
    return task.startsWith('template') ? 'changed' : 'ok';
  },
});
for (const event of run) {
  reporter.report(event);
  await new Promise((resolve) => setTimeout(resolve, 600 / hosts.length));
}
await reporter.close();
