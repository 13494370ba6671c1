import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Vault } from 'ansible-vault';
import { expect } from 'chai';
import fc from 'fast-check';
import { InputError } from '../../src/model/errors.js';
import { Secret, reveal } from '../../src/util/secret.js';
import { decryptText } from '../../src/vault/decrypt.js';
import { envelopeFault, isVaulted, readHeader, tidy } from '../../src/vault/envelope.js';
import type { VaultSource } from '../../src/vault/keys.js';
import { passwordFileSource } from '../../src/vault/passwordFile.js';
import { promptSource } from '../../src/vault/prompt.js';

const FIXTURES = 'test/fixtures/vault';
const WHERE = { file: 'v.yml', line: 3 };
const whole = readFileSync(`${FIXTURES}/whole.yml`, 'utf8');
const labelled = readFileSync(`${FIXTURES}/labelled.yml`, 'utf8');
const right = passwordFileSource(`${FIXTURES}/password.txt`);
const prod = passwordFileSource(`prod@${FIXTURES}/other.txt`);

async function faultOf(work: Promise<unknown>): Promise<InputError> {
  try {
    await work;
  } catch (thrown) {
    if (thrown instanceof InputError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was wrong with it');
}

const open = (text: string, sources: readonly VaultSource[]) => decryptText(text, sources, 'the vaulted file', WHERE);

describe('vault/envelope', () => {
  it('reads the headers that ansible-vault writes', () => {
    expect(readHeader(whole)).to.deep.equal({ version: '1.1', cipher: 'AES256', label: undefined });
    expect(readHeader(labelled)).to.deep.equal({ version: '1.2', cipher: 'AES256', label: 'prod' });
    expect(envelopeFault(whole)).to.equal(undefined);
    expect(isVaulted('plain: text')).to.equal(false);
    expect(readHeader('plain: text')).to.equal(undefined);
  });

  it('says what is wrong with others', () => {
    expect(envelopeFault('$ANSIBLE_VAULT;1.0;AES256\n33')).to.equal('its format is 1.0, and 1.1 and 1.2 are read');
    expect(envelopeFault('$ANSIBLE_VAULT;1.1;AES\n33')).to.equal('its cipher is AES, and AES256 is read');
    expect(envelopeFault('$ANSIBLE_VAULT;1.1;AES256\n33\nxyz')).to.equal('its body is not made of hexadecimal digits');
    expect(envelopeFault('$ANSIBLE_VAULT;1.1;AES256')).to.equal('its body is not made of hexadecimal digits');
    expect(envelopeFault('text')).to.equal('it does not begin with $ANSIBLE_VAULT;');
  });

  it('drops indentation and the line ends of other systems', () => {
    expect(tidy('  a\r\n   b\r\n\r\n')).to.equal('a\nb');
  });
});

describe('vault/decrypt', () => {
  it('opens what the real ansible-vault encrypted', async () => {
    expect(await open(whole, [right])).to.include('mysql_root_password: fixture root value\n');
    expect(await open(labelled, [prod])).to.equal(await open(whole, [right]));
    expect(await open(whole.replaceAll('\n', '\r\n  '), [right])).to.equal(await open(whole, [right]));
  });

  it('opens any text that was encrypted, with an id or without', async () => {
    const source = promptSource(() => Promise.resolve('words'));
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.constantFrom('', 'dev'), async (text, label) => {
        const vaulted = await new Vault({ password: 'words' }).encrypt(text, label);
        expect(await open(vaulted, [source])).to.equal(text);
      }),
      { numRuns: 20 },
    );
  });

  it('tries the password of its own id first, and then the others', async () => {
    const asked: string[] = [];
    const source = (label: string, password: string): VaultSource => ({
      label,
      name: label,
      read: () => {
        asked.push(label);
        return Promise.resolve(new Secret(password));
      },
    });
    await open(labelled, [source('dev', 'wrong one'), source('prod', 'other-fixture-password')]);
    expect(asked).to.deep.equal(['prod']);
    await open(labelled, [source('dev', 'other-fixture-password'), source('prod', 'wrong one')]);
    expect(asked.slice(1)).to.deep.equal(['prod', 'dev']);
  });

  it('refuses a wrong password, naming the place and what was tried', async () => {
    const one = await faultOf(open(labelled, [right]));
    expect(one.message).to.equal('the vaulted file does not open with the vault password given');
    expect(one.where).to.deep.equal(WHERE);
    expect(one.hint).to.equal(
      `it was encrypted for the vault id "prod" with another password, or was damaged; tried --vault-password-file ${FIXTURES}/password.txt`,
    );
    const two = await faultOf(open(whole, [prod, passwordFileSource(`dev@${FIXTURES}/other.txt`)]));
    expect(two.message).to.equal('the vaulted file does not open with any of the vault passwords given');
    expect(two.hint).to.include(`${FIXTURES}/other.txt (prod), --vault-password-file ${FIXTURES}/other.txt (dev)`);
  });

  it('names the flags where no password was given', async () => {
    expect((await faultOf(open(whole, []))).message).to.equal('the vaulted file is encrypted, and no vault password was given');
    expect((await faultOf(open(whole, []))).hint).to.equal('give it with --vault-password-file FILE or --ask-vault-pass');
    expect((await faultOf(open(labelled, []))).hint).to.equal('give it with --vault-password-file prod@FILE or --ask-vault-pass');
  });

  it('notices every changed digit', async () => {
    const body = whole.indexOf('\n') + 1;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: body, max: whole.trimEnd().length - 1 }), async (index) => {
        fc.pre(whole[index] !== '\n');
        const digit = whole[index] === '3' ? '4' : '3';
        const error = await faultOf(open(whole.slice(0, index) + digit + whole.slice(index + 1), [right]));
        expect(error.where).to.deep.equal(WHERE);
      }),
      { numRuns: 30 },
    );
  });
});

describe('vault/passwordFile', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'provision-vault-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  const write = (name: string, text: string, mode = 0o600) => {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), mode);
    return passwordFileSource(name, folder);
  };

  it('reads a file without the white space around it', async () => {
    expect(reveal(await write('plain', '  two words \n\n').read())).to.equal('two words');
  });

  it('runs a program and takes its output, giving it the id where its name says that it wants it', async () => {
    expect(reveal(await write('program', '#!/bin/sh\necho "out $#"\n', 0o700).read())).to.equal('out 0');
    write('ring-client.sh', '#!/bin/sh\necho "out $*"\n', 0o700);
    expect(reveal(await passwordFileSource('dev@ring-client.sh', folder).read())).to.equal('out --vault-id dev');
  });

  it('reads the file or runs the program once', async () => {
    const source = write('counted', `#!/bin/sh\ncd '${folder}' && echo x >>count && wc -l <count | tr -d ' '\n`, 0o700);
    const [first, second] = await Promise.all([source.read(), source.read()]);
    expect([first, second].map(reveal)).to.deep.equal([reveal(await source.read()), '1']);
  });

  it('takes what stands before @ for the id, unless a file has that name', () => {
    write('a@b', 'x');
    expect(passwordFileSource('a@b', folder).label).to.equal('default');
    expect(passwordFileSource('a@c', folder)).to.include({ label: 'a', name: '--vault-password-file c' });
  });

  it('says why there is no password', async () => {
    const message = async (source: VaultSource) => (await faultOf(source.read())).message;
    expect(await message(passwordFileSource('nowhere', folder))).to.equal('no vault password file nowhere');
    expect(await message(passwordFileSource('.', folder))).to.equal('the vault password file . is a folder');
    expect(await message(write('empty', '\n'))).to.equal('the vault password of empty is empty');
    expect(await message(write('failing', '#!/bin/sh\nexit 3\n', 0o700))).to.equal(
      'the vault password program failing failed: exit 3',
    );
    expect(await message(write('killed', '#!/bin/sh\nkill -TERM $$\n', 0o700))).to.equal(
      'the vault password program killed failed: ended by SIGTERM',
    );
    const lost = write('lost', '#!/nowhere/sh\n', 0o700);
    expect(await message(lost)).to.match(/^the vault password program lost cannot be run: /);
    const notProgram = await faultOf(write('words', 'just a password\n', 0o700).read());
    expect(notProgram.message).to.equal('the vault password file words may be executed, but is no program');
    expect(notProgram.hint).to.include('chmod -x');
  });
});

describe('vault/prompt', () => {
  it('asks once, with the id where there is one', async () => {
    const asked: string[] = [];
    const ask = (question: string) => {
      asked.push(question);
      return Promise.resolve('typed words');
    };
    const source = promptSource(ask, 'prod');
    expect(asked).to.deep.equal([]);
    expect([reveal(await source.read()), reveal(await source.read())]).to.deep.equal(['typed words', 'typed words']);
    await promptSource(ask).read();
    expect(asked).to.deep.equal(['Vault password (prod): ', 'Vault password: ']);
  });

  it('refuses nothing typed', async () => {
    expect((await faultOf(promptSource(() => Promise.resolve('')).read())).message).to.equal('no vault password was typed');
  });
});
