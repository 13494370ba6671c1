import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { RunEvent } from '../../src/model/event.js';
import { jsonReporter } from '../../src/report/json.js';
import { everyEvent } from '../support/events.js';
import { simulate } from '../support/simulate.js';

const schema = z.fromJSONSchema(JSON.parse(readFileSync('docs/events.schema.json', 'utf8')) as z.core.JSONSchema.JSONSchema);

describe('report/json', () => {
  it('writes a line an event, which the documented schema accepts', () => {
    const run = simulate({
      hosts: ['web-01', 'web-02'],
      plays: [{ name: 'web', tasks: ['template /etc/motd', 'service nginx', 'package nginx'] }],
      dryRun: true,
      outcome: (host, task) => (task.startsWith('template') ? 'changed' : host === 'web-01' ? 'unknown' : 'failed'),
    });
    const events = [...Object.values(everyEvent), ...run];
    const written = lines(events);
    expect(written).to.have.length(events.length);
    for (const line of written) expect(schema.safeParse(line).error, JSON.stringify(line)).to.equal(undefined);
  });

  it('adds the time, and the format to run-start, and keeps the rest as it is', () => {
    expect(lines([everyEvent['run-start']])).to.deep.equal([
      { time: '2026-11-21T08:00:00.000Z', format: 1, ...everyEvent['run-start'] },
    ]);
    expect(lines([everyEvent.task])).to.deep.equal([{ time: '2026-11-21T08:00:00.000Z', ...everyEvent.task }]);
  });

  it('has a schema that refuses what is not in it', () => {
    const [line] = lines([everyEvent.task]);
    expect(schema.safeParse({ ...line, status: 'maybe' }).success).to.equal(false);
    expect(schema.safeParse({ ...line, more: 1 }).success).to.equal(false);
    expect(schema.safeParse({ ...line, type: 'tusk' }).success).to.equal(false);
    expect(schema.safeParse({ ...line, time: 'now' }).success).to.equal(false);
  });

  it('is documented type by type', () => {
    const page = readFileSync('docs/events.md', 'utf8');
    for (const type of Object.keys(everyEvent)) expect(page).to.match(new RegExp(`^\\| \`${type}\` +\\|`, 'm'));
  });
});

function lines(events: readonly RunEvent[]): readonly object[] {
  let text = '';
  const reporter = jsonReporter({ write: (more) => (text += more) }, () => new Date('2026-11-21T08:00:00Z'));
  for (const event of events) reporter.report(event);
  expect(text.endsWith('\n')).to.equal(true);
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
}
