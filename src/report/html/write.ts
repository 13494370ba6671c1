import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InputError, TaskError } from '../../model/errors.js';

/**
 * The file that a page will be written to, links followed. Throws InputError where none can be made there, so that it is
 * known before a run and not at its end.
 */
export async function pageFile(file: string): Promise<string> {
  const target = await realpath(file).catch(() => file);
  const found = await stat(target).catch(() => undefined);
  if (found !== undefined && !found.isFile()) {
    throw new InputError(`--html: ${file} is no regular file`, {
      hint: 'name a file that is to be written, as in --html plan.html',
    });
  }
  const folder = await stat(dirname(target)).catch(() => undefined);
  if (folder?.isDirectory() !== true) {
    throw new InputError(`--html: there is no folder ${dirname(file)}`, { hint: 'make it first, or name another' });
  }
  return target;
}

/** Writes a file as a whole or not at all: beside it first, then renamed. */
export async function writePage(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new TaskError(`the page ${file} could not be written: ${error instanceof Error ? error.message : String(error)}`, {
      hint: 'the run itself is not concerned; is there room, and may you write there?',
      cause: error,
    });
  }
}
