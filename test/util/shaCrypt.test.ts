import { expect } from 'chai';
import { sha256Crypt } from '../../src/util/shaCrypt.js';

describe('util/shaCrypt', () => {
  // Published with the specification of SHA-crypt (salts already cut to 16 characters, as it demands).
  const published: readonly (readonly [salt: string, rounds: number, password: string, hash: string])[] = [
    ['saltstring', 5000, 'Hello world!', '5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5'],
    ['saltstringsaltst', 10000, 'Hello world!', '3xv.VbSHBb41AL9AvLeujZkZRBAwqFMz2.opqey6IcA'],
    ['toolongsaltstrin', 5000, 'This is just a test', 'Un/5jzAHMgOGZ5.mWJpuVolil07guHPvOW8mGRcvxa5'],
    [
      'anotherlongsalts',
      1400,
      'a very much longer text to encrypt.  This one even stretches over morethan one line.',
      'Rx.j8H.h8HjEDGomFU8bDkXm3XIUnzyxf12oP84Bnq1',
    ],
    ['short', 77777, 'we have a short salt string but not a short password', 'JiO1O3ZpDAxGJeaDIuqCoEFysAe1mZNJRs3pw0KQRd/'],
    ['asaltof16chars..', 123456, 'a short string', 'gP3VQ/6X7UUEW3HkBn2w1/Ptq2jxPyzV/cZKmF/wJvD'],
  ];
  for (const [salt, rounds, password, hash] of published) {
    it(`gives the published hash for salt ${salt} and ${rounds} rounds`, () => {
      expect(sha256Crypt(password, Buffer.from(salt), rounds)).to.equal(hash);
    });
  }

  it('takes an empty password and UTF-8, as crypt(3) does', () => {
    expect(sha256Crypt('', Buffer.from('salt'))).to.equal('HrcUzzoef72uxM/YhTU5BAi419Fblqlq//zyM.rIOG0');
    expect(sha256Crypt('päss', Buffer.from('abc'))).to.equal('rbJIji9FGZ1LNFXwILu1yxkvK/c/SCH9ijeD7pT6QM8');
  });
});
