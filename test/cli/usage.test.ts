import { expect } from 'chai';
import { InputError } from '../../src/model/errors.js';
import { OPTIONS_OF } from '../../src/cli/input/options.js';
import { refuseOddSwitches, usageError } from '../../src/cli/input/usage.js';
import { names, repeated, single, whole } from '../../src/cli/input/values.js';

describe('cli/input', () => {
  it('takes whole numbers in their bounds only', () => {
    const forks = whole('--forks', 1, 1000);
    expect([forks(undefined), forks('1'), forks('1000')]).to.deep.equal([undefined, 1, 1000]);
    for (const bad of ['0', '1001', 'abc', '1.5', '-1', '1e2', '0x10', '']) {
      expect(() => forks(bad), bad).to.throw(InputError, '--forks');
    }
  });

  it('refuses an option given twice or empty, and lists names with commas', () => {
    expect(() => single('--limit')(['a', 'b'])).to.throw(InputError, '--limit was given 2 times');
    expect(() => single('--limit')(' ')).to.throw(InputError, '--limit needs a value');
    expect(() => repeated('-e')(['a=1', ''])).to.throw(InputError, '-e needs a value');
    expect(names('--tags')(['a, b', 'c,'])).to.deep.equal(['a', 'b', 'c']);
  });

  it('refuses a value at every switch, as yargs would take it for "off"', () => {
    const switches = Object.entries(OPTIONS_OF.run).flatMap(([name, option]) => (option.type === 'boolean' ? [name] : []));
    expect(switches).to.include.members(['check', 'diff', 'step']);
    for (const name of [...switches, 'dry-run', 'C']) {
      const flag = name.length === 1 ? `-${name}` : `--${name}`;
      expect(() => {
        refuseOddSwitches([`${flag}=maybe`]);
      }, name).to.throw(InputError, `${flag} is a switch`);
      refuseOddSwitches([flag, `${flag}=true`, `${flag}=false`]);
    }
    refuseOddSwitches(['exec', 'web', '--', 'a', '--check=maybe']);
  });

  it('names the near flag, or the command that has it', () => {
    const said = (message: string, ...argv: readonly string[]): string => usageError(message, argv).message;
    expect(said('Unknown argument: inventroy', '--inventroy', 'x')).to.equal(
      'unknown option --inventroy — did you mean "--inventory"?',
    );
    expect(said('Unknown argument: x', '-Cx')).to.equal('unknown option -x');
    expect(said('Unknown arguments: limt, tgas', '--limt', 'a', '--tgas=b')).to.equal(
      'unknown option --limt — did you mean "--limit"?; --tgas — did you mean "--tags"?',
    );
    expect(said('Unknown argument: diff', 'ping', '--diff')).to.equal(
      'unknown option --diff of "provision ping"; "provision run" has it',
    );
    expect(said('Not enough arguments following: l', '-l')).to.equal('-l needs a value');
    expect(said('Unknown argument: b', 'ping', 'a', 'b')).to.equal('"b" is one word too many for "provision ping"');
  });
});
