import { writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import { toDot } from '../../graph/dot.js';
import { toMermaid } from '../../graph/mermaid.js';
import { pictureOf, type Picture } from '../../graph/picture.js';
import { InputError } from '../../model/errors.js';
import { shownPosition } from '../../report/text.js';
import { EXIT } from '../exitCodes.js';
import type { Args } from '../input/args.js';
import { describedSite } from '../input/describedSite.js';

/** How a picture is written, by the ending of its file's name. */
const FORMATS: Readonly<Record<string, (picture: Picture) => string | Buffer | Promise<string | Buffer>>> = {
  '.dot': toDot,
  '.mmd': toMermaid,
  '.png': async (picture) => (await import('../../graph/png.js')).toPng(picture),
  '.svg': async (picture) => (await import('../../graph/svg.js')).toSvg(picture),
};

/** `provision graph`: draws the services that a playbook tells of, on the hosts of an inventory. No host is contacted. */
export async function graph(args: Args<'graph'>, named: string | undefined): Promise<number> {
  const write = formatOf(args.out);
  const { hosts, services } = await describedSite(args, named);
  const text = await write(
    pictureOf(
      hosts.map(({ name }) => name),
      services,
    ),
  );
  if (args.out === undefined) process.stdout.write(text);
  else {
    save(args.out, text);
    process.stdout.write(`${shownPosition({ file: args.out })}\n`);
  }
  return EXIT.done;
}

function formatOf(file: string | undefined): (picture: Picture) => string | Buffer | Promise<string | Buffer> {
  if (file === undefined) return toDot;
  const format = FORMATS[extname(file).toLowerCase()];
  if (format !== undefined) return format;
  throw new InputError(`--out ${file}: a picture cannot be written so`, {
    hint: `end the name in one of ${Object.keys(FORMATS).join(', ')}`,
  });
}

function save(file: string, content: string | Buffer): void {
  try {
    writeFileSync(file, content);
  } catch (cause) {
    throw new InputError(`${file} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
