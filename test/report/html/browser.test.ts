import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { RunEvent } from '../../../src/model/event.js';
import { page } from '../../../src/report/html/page.js';
import { recorder } from '../../../src/report/record.js';
import { startBrowser, type Browser } from '../../support/browser/browser.js';
import { faults } from '../../support/browser/faults.js';
import type { Page, PageOptions } from '../../support/browser/page.js';
import { everyEvent } from '../../support/events.js';
import { recordedRun } from '../../support/recordedRun.js';

/** What is to be seen of tasks: `lb-01: service haproxy`. */
const SHOWN_TASKS = `[...document.querySelectorAll('.task')].filter((task) => task.checkVisibility())
  .map((task) => task.querySelector('.on').innerText + ': ' + task.querySelector('b').innerText)`;

describe('report/html in a browser', function () {
  this.timeout(60_000);
  let folder: string;
  let browser: Browser;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'provision-page-'));
    browser = await startBrowser();
  });
  after(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  const open = async (text: string, options?: PageOptions): Promise<Page> => {
    const file = join(folder, 'page.html');
    writeFileSync(file, text);
    return browser.open(pathToFileURL(file).href, options);
  };

  it('asks no network, has no error, and shows what a terminal does', async () => {
    const shown = await open(pageOf(recordedRun('drift')));
    expect(shown.requests).to.deep.equal([pathToFileURL(join(folder, 'page.html')).href]);
    expect(shown.problems).to.deep.equal([]);
    const text = String(await shown.evaluate('document.body.innerText'));
    expect(text).to.include('9 to change on 3 hosts, 3 known after apply');
    for (const part of [
      'mode 0644 → 0640',
      'owner nobody → root',
      '-  server_tokens on;\n',
      '+  server_tokens off;\n',
      '(not installed)',
    ]) {
      expect(text).to.include(part);
    }
    expect(text).to.include('Depends on package haproxy socat, which changes first.');
    const diff = await shown.evaluate(`document.querySelector('.diff').textContent`);
    expect(diff).to.match(/^@@ -13,7 \+13,7 @@\n {3}listen 80 default_server;\n/);
    const cells = `[...document.querySelectorAll('.hosts tr')].map((row) => [...row.cells].map((cell) => cell.innerText))`;
    expect(await shown.evaluate(cells)).to.deep.equal([
      ['Host', 'to change', 'known after apply', 'ok', 'failed'],
      ['lb-01', '2', '1', '5', '0'],
      ['web-01', '3', '1', '30', '0'],
      ['web-02', '4', '1', '24', '0'],
    ]);
  });

  it('filters by host and status, and says how many are shown', async () => {
    const shown = await open(pageOf(recordedRun('drift')));
    const all = await shown.evaluate(SHOWN_TASKS);
    expect(all).to.have.length(8);
    await choose(shown, 'lb-01');
    expect(await shown.evaluate(SHOWN_TASKS)).to.deep.equal([
      'lb-01: package haproxy socat',
      'lb-01: template /etc/haproxy/haproxy.cfg',
      'lb-01: service haproxy',
    ]);
    expect(await shown.evaluate(`document.querySelector('output').innerText`)).to.equal('3 of 8 shown');
    await shown.evaluate(`document.querySelector('input[value=unknown]').click()`);
    expect(await shown.evaluate(SHOWN_TASKS)).to.deep.equal([
      'lb-01: package haproxy socat',
      'lb-01: template /etc/haproxy/haproxy.cfg',
    ]);
    expect(await shown.evaluate(`[...document.querySelectorAll('h3')].filter((one) => one.checkVisibility()).length`)).to.equal(
      1,
    );
    await choose(shown, 'all 3');
    await shown.evaluate(`document.querySelector('input[value=unknown]').click()`);
    expect(await shown.evaluate(SHOWN_TASKS)).to.deep.equal(all);
    expect(await shown.evaluate(`document.querySelector('output').innerText`)).to.equal('');
  });

  it('unfolds and folds all, and one by the keyboard', async () => {
    const shown = await open(pageOf(recordedRun('bare')));
    const opened = `document.querySelectorAll('details.task[open]').length`;
    const total = await shown.evaluate(`document.querySelectorAll('details.task').length`);
    expect(total).to.be.greaterThan(20);
    expect(await shown.evaluate(opened)).to.equal(0);
    await shown.evaluate(`document.querySelector('[name=open]').click()`);
    expect(await shown.evaluate(opened)).to.equal(total);
    await shown.evaluate(`document.querySelector('[name=close]').click()`);
    expect(await shown.evaluate(opened)).to.equal(0);
    await shown.evaluate(`document.querySelector('[name=close]').focus()`);
    await shown.press('Tab');
    await shown.press('Enter');
    expect(await shown.evaluate(opened)).to.equal(1);
    expect(await shown.evaluate(`document.querySelector('details.task').open`)).to.equal(true);
  });

  it('shows everything without its script, but the filter', async () => {
    const shown = await open(pageOf(recordedRun('bare')), { script: false });
    expect(await shown.evaluate(`document.querySelector('form').checkVisibility()`)).to.equal(false);
    expect(await shown.evaluate(SHOWN_TASKS)).to.have.length.greaterThan(30);
    expect(shown.problems).to.deep.equal([]);
  });

  it('lets no text of a host, a file or a name act, with its policy or without it', async () => {
    const evil = `</script></style></pre><script>window.hacked=1</script><img src="x" onerror="window.hacked=2">'" onload='window.hacked=3' &lt;b&gt;`;
    const events = hostile(Object.values(everyEvent), evil);
    const text = pageOf([...events.filter(({ type }) => type !== 'run-end'), ...hostile([everyEvent['run-end']], evil)]);
    for (const tried of [text, text.replace(/<meta\s+http-equiv="Content-Security-Policy"[^>]*>/, '')]) {
      const shown = await open(tried);
      expect(await shown.evaluate('window.hacked ?? null')).to.equal(null);
      expect(await shown.evaluate(`document.querySelectorAll('img, script, style, [onload], [onerror]').length`)).to.equal(2);
      expect(shown.problems).to.deep.equal([]);
      expect(shown.requests).to.have.length(1);
      expect(String(await shown.evaluate('document.body.textContent')).split(evil)).to.have.length.greaterThan(10);
    }
    expect(text).to.match(/http-equiv="Content-Security-Policy"/);
  });

  it('is refused by its own policy where somebody adds a script', async () => {
    const shown = await open(pageOf(recordedRun('drift')).replace('</main>', '<script>window.hacked = 1</script></main>'));
    expect(await shown.evaluate('window.hacked ?? null')).to.equal(null);
    expect(shown.problems.join()).to.match(/Content Security Policy/);
  });

  for (const scheme of ['light', 'dark'] as const) {
    it(`can be read, ${scheme}: contrast, names, order of headings, on a phone too`, async () => {
      for (const width of [1200, 390]) {
        const shown = await open(pageOf([...recordedRun('drift')], Object.values(everyEvent)), { scheme, width });
        await shown.evaluate(`for (const one of document.querySelectorAll('details')) one.open = true`);
        expect(await shown.evaluate(faults), `${width} px wide`).to.deep.equal([]);
        expect(await shown.evaluate('document.documentElement.scrollWidth'), 'scrolls sideways').to.equal(width);
      }
    });
  }

  it('would notice a page that is hard to read', async () => {
    const bad = pageOf(recordedRun('drift'), Object.values(everyEvent))
      .replaceAll(/--soft: #\w+/g, '--soft: #9a9a9a')
      .replace(/<label for/, '<label data-for')
      .replace(/<h2/, '<h4');
    const shown = await open(bad.replace(/<meta\s+http-equiv="Content-Security-Policy"[^>]*>/, ''));
    const found = (await shown.evaluate(faults)) as readonly string[];
    for (const part of ['contrast 2.', 'no label: <select', 'level left out']) expect(found.join('\n')).to.include(part);
  });
});

async function choose(shown: Page, host: string): Promise<void> {
  await shown.evaluate(`{
    const select = document.querySelector('select');
    select.selectedIndex = [...select.options].findIndex((option) => option.text === ${JSON.stringify(host)});
    select.dispatchEvent(new Event('input', { bubbles: true }));
  }`);
}

function pageOf(...runs: readonly (readonly RunEvent[])[]): string {
  const records = runs.flatMap((events) => {
    const run = recorder();
    for (const event of events) run.add(event);
    return run.record() ?? [];
  });
  return page(records, new Date('2026-11-21T08:00:00Z'));
}

/** The events with a text before every text in them, but types and statuses. */
function hostile(events: readonly RunEvent[], text: string): readonly RunEvent[] {
  const keep = ['type', 'status', 'activity'];
  return JSON.parse(
    JSON.stringify(events, (key, value: unknown) => (typeof value === 'string' && !keep.includes(key) ? text + value : value)),
  ) as readonly RunEvent[];
}
