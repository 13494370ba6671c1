import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeDrift } from '../../../src/report/html/drift.js';
import { htmlPage } from '../../../src/report/html/withHtml.js';
import { recordedRun } from '../../support/recordedRun.js';

describe('report/html/drift', () => {
  it('tells each change with its cause, equal ones of one cause once, and what is left over', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'provision-drift-'));
    try {
      const [play, id] = ['Application', 'template /etc/foobar/app.env'];
      const file = join(folder, 'drift.html');
      const drift = {
        entries: [
          { host: 'web-01', play, id, cause: 'host' as const, known: true, changes: [] },
          { host: 'web-02', play, id, cause: 'code' as const, known: true, changes: [] },
        ],
        orphans: [{ host: 'lb-01', topic: 'path:/etc/old', task: 'file /etc/old' }],
        withoutJournal: ['web-02'],
      };
      await writeDrift(await htmlPage(file), drift, recordedRun('drift'));
      const words = readFileSync(file, 'utf8').replace(/<style>.*<\/style>|<[^>]*>/gs, ' ').replace(/\s+/g, ' '); // prettier-ignore
      expect(words).to.include('Drift playbooks/site.ts');
      expect(words).to.include('template /etc/foobar/app.env mode 0644 → 0640 changed by hand web-01 ');
      expect(words).to.include('template /etc/foobar/app.env mode 0644 → 0640 the code changed web-02 ');
      expect(words).to.include('lb-01 : left over: path:/etc/old, made by file /etc/old');
      expect(words).to.include('web-02 : has no journal');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
