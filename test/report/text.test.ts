import { expect } from 'chai';
import fc from 'fast-check';
import { coloursFor } from '../../src/report/colours.js';
import { count, duration, elapsed, oneLine, printable, shownPosition } from '../../src/report/text.js';
import { cut, fit, pad, width } from '../../src/report/width.js';

describe('report/text', () => {
  it('takes colours, cursor movements and control characters out of what a host said', () => {
    expect(printable('\u001b[1;31mE:\u001b[0m no\u0007 such\ttab\n')).to.equal('E: no␇ such\ttab\n');
    expect(printable('a\u0000b\u007f\u202ec')).to.equal('a␀b␡\ufffdc');
    expect(printable('Reading… 0%\rReading… 50%\rReading… Done\r\nnext')).to.equal('Reading… Done\nnext');
  });

  it('leaves no control character but tab and newline, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text)).not.to.match(/[^\P{Cc}\t\n]/u);
        expect(oneLine(text)).not.to.match(/[\n\t]/);
      }),
    );
  });

  it('says counts and times as people do', () => {
    expect([count(1, 'host'), count(0, 'host'), count(2, 'entry', 'entries')]).to.deep.equal(['1 host', '0 hosts', '2 entries']);
    expect([0.04, 9.94, 9.96, 59.6, 125, 3725].map(duration)).to.deep.equal([
      '0.0 s',
      '9.9 s',
      '10 s',
      '1 min 0 s',
      '2 min 5 s',
      '1 h 2 min',
    ]);
    expect([0.9, 9.9, 59.9, 61].map(elapsed)).to.deep.equal(['0 s', '9 s', '59 s', '1 min 1 s']);
  });

  it('shows a place relative to the working folder where it lies in it', () => {
    expect(shownPosition({ file: `${process.cwd()}/playbooks/site.ts`, line: 3 })).to.equal('playbooks/site.ts:3');
    expect(shownPosition({ file: '/etc/hosts', line: 3, column: 1 })).to.equal('/etc/hosts:3:1');
  });
});

describe('report/width', () => {
  it('counts columns, wide and combining characters too', () => {
    expect(['abc', '日本', 'é', 'e\u0301', '🚀', '…'].map(width)).to.deep.equal([3, 4, 1, 1, 2, 1]);
    expect(pad('日', 4)).to.equal('日  ');
  });

  it('cuts to a width that is never passed', () => {
    expect(cut('template /etc/hosts', 10)).to.equal('template …');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(40), (text, columns) => {
        const kept = cut(text, columns);
        expect(width(kept)).to.be.at.most(columns);
        if (width(text) <= columns) expect(kept).to.equal(text);
      }),
    );
  });

  it('fits painted pieces into a line', () => {
    const red = (text: string): string => `<${text}>`;
    expect(fit([{ text: 'ab ' }, { text: 'cdef', paint: red }, { text: 'never' }], 6)).to.equal('ab <cd…>');
  });
});

describe('report/colours', () => {
  const paints = (isTTY: boolean, env: Record<string, string>): boolean => coloursFor({ isTTY }, env).isColorSupported;

  it('follows the terminal, NO_COLOR and FORCE_COLOR', () => {
    expect(paints(true, {})).to.equal(true);
    expect(paints(false, {})).to.equal(false);
    expect(paints(true, { TERM: 'dumb' })).to.equal(false);
    expect(paints(true, { NO_COLOR: '1', FORCE_COLOR: '1' })).to.equal(false);
    expect(paints(true, { NO_COLOR: '' })).to.equal(true);
    expect(paints(false, { FORCE_COLOR: '1' })).to.equal(true);
    expect(paints(true, { FORCE_COLOR: '0' })).to.equal(false);
    expect(coloursFor({ isTTY: true }, {}).red('x')).to.equal('\u001b[31mx\u001b[39m');
  });
});
