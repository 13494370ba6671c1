import { expect } from 'chai';
import { coloursFor } from '../../src/report/colours.js';
import { foldedPlay, frame, type FrameOptions } from '../../src/report/tree/frame.js';
import { follow, newPlay, type PlayState } from '../../src/report/tree/state.js';
import { width } from '../../src/report/width.js';

const options: FrameOptions = { columns: 80, rows: 24, now: 12_000, dryRun: false, colours: coloursFor({ isTTY: false }, {}) };

describe('report/tree/frame', () => {
  it('shows a few hosts in their own order, each with its counts, task and time', () => {
    const play = playOf(['lb-01', 'web-01', 'web-02', 'db']);
    follow(play, { type: 'host-tasks', host: 'lb-01', play: 'p', tasks: 31 }, 0);
    task(play, 'lb-01', 'changed');
    follow(play, { type: 'host-activity', host: 'lb-01', activity: 'task', task: 'package haproxy' }, 8000);
    task(play, 'web-01', 'failed');
    task(play, 'web-02', 'ok');
    follow(play, { type: 'host-end', host: 'web-02', play: 'p' }, 9000);
    expect(frame(play, options)).to.deep.equal(
      [
        'PLAY p  2/4 hosts  12 s',
        ' ⠋ lb-01   1/31     1 changed  package haproxy  4 s',
        ' ✖ web-01  1        package nginx',
        ' ✔ web-02  1      ',
        ' · db      0        waiting',
      ].map((line) => line.trimEnd()),
    );
  });

  it('shows of fifty hosts the failed and the busy ones, and counts the others', () => {
    const play = playOf(Array.from({ length: 50 }, (_, index) => `host-${index}`));
    for (let index = 0; index < 30; index++) follow(play, { type: 'host-end', host: `host-${index}`, play: 'p' }, 1);
    for (let index = 30; index < 40; index++)
      follow(play, { type: 'host-activity', host: `host-${index}`, activity: 'connect' }, 40 - index);
    task(play, 'host-45', 'failed');
    const lines = frame(play, options);
    expect(lines[0]).to.equal('PLAY p  31/50 hosts  12 s');
    expect(lines[1]).to.include('✖ host-45');
    expect(lines.slice(2, 12).map((line) => /host-\d+/.exec(line)?.[0])).to.deep.equal(
      Array.from({ length: 10 }, (_, index) => `host-${30 + index}`),
    );
    expect(lines.slice(12)).to.deep.equal(['   … 39 more: 30 done, 9 waiting']);
  });

  it('never takes more lines or columns than the terminal has', () => {
    const play = playOf(Array.from({ length: 200 }, (_, index) => `a-host-with-a-long-name-${index}.example.org`));
    for (let index = 0; index < 100; index++) {
      follow(
        play,
        { type: 'host-activity', host: `a-host-with-a-long-name-${index}.example.org`, activity: 'task', task: 'x'.repeat(300) },
        index,
      );
      if (index % 3 === 0) task(play, `a-host-with-a-long-name-${index}.example.org`, 'failed');
    }
    for (const rows of [4, 10, 24, 60]) {
      for (const columns of [20, 80, 200]) {
        const lines = frame(play, { ...options, rows, columns });
        expect(lines.length).to.be.lessThan(rows);
        expect(Math.max(...lines.map(width))).to.be.at.most(columns);
      }
    }
  });

  it('keeps half of the room for busy hosts where many have failed', () => {
    const play = playOf(Array.from({ length: 60 }, (_, index) => `h${index}`));
    for (let index = 0; index < 30; index++) task(play, `h${index}`, 'failed');
    for (let index = 30; index < 60; index++) follow(play, { type: 'host-activity', host: `h${index}`, activity: 'connect' }, 0);
    const lines = frame(play, { ...options, rows: 13 });
    expect(lines.filter((line) => line.includes('✖'))).to.have.length(5);
    expect(lines.filter((line) => line.includes('connecting'))).to.have.length(5);
    expect(lines.at(-1)).to.equal('   … 50 more: 25 failed, 25 busy');
  });

  it('folds a finished play into one line, in the words of a dry run', () => {
    const play = playOf(['a', 'b']);
    task(play, 'a', 'changed');
    task(play, 'a', 'unknown');
    task(play, 'b', 'ok');
    expect(foldedPlay(play, { ...options, dryRun: true })).to.equal(
      '✔ PLAY p  2 hosts: 1 ok, 1 to change, 1 known after apply  12 s',
    );
    follow(play, { type: 'host-unreachable', host: 'b', fault: { message: 'gone' } }, 1);
    expect(foldedPlay(play, options)).to.equal('✖ PLAY p  2 hosts: 1 ok, 1 changed, 1 known after apply, 1 host failed  12 s');
  });
});

function playOf(hosts: readonly string[]): PlayState {
  return newPlay('p', hosts, 0);
}

function task(play: PlayState, host: string, status: 'ok' | 'changed' | 'unknown' | 'failed', id = `task ${status}`): void {
  follow(play, { type: 'task', host, play: 'p', task: 'package nginx', id, status, changes: [] }, 5000);
}
