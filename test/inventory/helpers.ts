import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { InputError, InputErrors } from '../../src/model/errors.js';

const made: string[] = [];

/** A folder with these files, removed by `removeFolders`. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'provision-inventory-'));
  made.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** For `after`. */
export function removeFolders(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
}

/** What a fault says, with its place relative to a folder: `hosts.yml:2:3 message`. */
export function faultText(error: InputError, folder = ''): string {
  const strip = (text: string) => (folder === '' ? text : text.replaceAll(`${folder}/`, ''));
  const { file, line, column } = error.where ?? { file: '-' };
  const place = [strip(file), line, column].filter((part) => part !== undefined);
  return `${place.join(':')} ${strip(error.message)}`;
}

/** The faults that a piece of work throws. Fails where it throws none, or something else. */
export async function faultsOf(work: () => unknown): Promise<readonly InputError[]> {
  try {
    await work();
  } catch (thrown) {
    if (thrown instanceof InputErrors) return thrown.errors;
    if (thrown instanceof InputError) return [thrown];
    throw thrown;
  }
  throw new Error('nothing was wrong with it');
}

/** The faults in words. */
export async function faultTexts(folder: string, work: () => unknown): Promise<readonly string[]> {
  return (await faultsOf(work)).map((error) => faultText(error, folder));
}
