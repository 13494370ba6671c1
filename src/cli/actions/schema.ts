import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { variableDocs } from '../../docstrings/variables.js';
import { loadPlaybook } from '../playbook/load.js';
import { inventorySchema, varsSchema } from '../../inventory/jsonSchema/files.js';
import { InputError } from '../../model/errors.js';
import { shownPosition } from '../../report/text.js';
import { playbookFiles } from '../input/playbookFile.js';

const FOLDER = 'schema';

/** `provision schema`: writes the JSON Schemas of what a playbook's inventories may say, and names the files. */
export async function schema(named: string | undefined, folder: string = FOLDER): Promise<number> {
  const [playbookFile = ''] = playbookFiles(named === undefined ? [] : [named]);
  const { vars, groups } = await loadPlaybook(playbookFile);
  const source = { vars, groups, docs: variableDocs(playbookFile) };
  const files = [
    ['inventory.schema.json', 'inventory files', inventorySchema(source)],
    ['vars.schema.json', 'group_vars and host_vars', varsSchema(source)],
  ] as const;
  for (const [name, what, content] of files) {
    const file = join(folder, name);
    write(folder, file, `${JSON.stringify(content, undefined, 2)}\n`);
    process.stdout.write(`${shownPosition({ file })}  for ${what}\n`);
  }
  return 0;
}

function write(folder: string, file: string, text: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, text);
  } catch (cause) {
    throw new InputError(`${file} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`, {
      hint: 'name another folder with --out',
      cause,
    });
  }
}
