import { expect } from 'chai';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { describeIssues, faultyKey } from '../../src/model/issues.js';
import { placeOfKey } from '../../src/util/literalPlace.js';
import { Secret } from '../../src/util/secret.js';
import { project } from '../support/cli.js';

const schema = z.strictObject({
  name: z.string(),
  state: z.enum(['running', 'stopped']).optional(),
  count: z.number().int().min(1).optional(),
  on: z.boolean().optional(),
  content: z.union([z.string(), z.instanceof(Secret, { error: 'expected a Secret' })]).optional(),
  mode: z.string().regex(/^\d+$/, 'expected digits').optional(),
  parts: z.array(z.strictObject({ path: z.string() })).optional(),
});

describe('model/issues', () => {
  const said = (options: unknown) => {
    const { error } = schema.safeParse(options);
    if (error === undefined) throw new Error('nothing is wrong with it');
    return { text: describeIssues(error, schema, options), key: faultyKey(error, options) };
  };
  const cases: readonly (readonly [object, string, string | undefined])[] = [
    [{ nam: 'a' }, 'unknown option "nam" — did you mean "name"?; "name" is missing', 'nam'],
    [
      { name: 'a', state: 'runing' },
      'state: expected one of running, stopped, found "runing" — did you mean "running"?',
      'state',
    ],
    [{ name: 'a', on: 'yes' }, 'on: expected true or false, found a text', 'on'],
    [{ name: 'a', count: 'hunter2' }, 'count: expected a number, found a text', 'count'],
    [{ name: 'a', content: 5 }, 'content: expected a text or a Secret, found a number', 'content'],
    [{ name: 'a', mode: 'x' }, 'mode: expected digits', 'mode'],
    [{ name: null }, 'name: expected a text, found null', 'name'],
    [
      { name: 'a', parts: [{ path: 'b' }, { pth: 'c' }] },
      'unknown option "parts.1.pth" — did you mean "path"?; "parts.1.path" is missing',
      'pth',
    ],
    [{}, '"name" is missing', undefined],
  ];
  for (const [options, text, key] of cases) {
    it(`says: ${text}`, () => {
      expect(said(options)).to.deep.equal({ text, key });
    });
  }

  it('finds where a key stands in the call of a line', () => {
    const folder = project({
      'a.ts': "f({ name: 'a' });\ng({\n  rename: 1,\n  'name': 2 });\nh(name ? 1 : 2, x.name, { name });\n",
    });
    const file = join(folder, 'a.ts');
    try {
      expect(placeOfKey({ file, line: 1 }, 'name')).to.deep.equal({ file, line: 1, column: 5 });
      expect(placeOfKey({ file, line: 2 }, 'name')).to.deep.equal({ file, line: 4, column: 3 });
      expect(placeOfKey({ file, line: 5 }, 'name')).to.deep.equal({ file, line: 5, column: 27 });
      expect(placeOfKey({ file, line: 5 }, 'nothing')).to.deep.equal({ file, line: 5 });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
