import { writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import { toDot } from '../../graph/dot.js';
import { toMermaid } from '../../graph/mermaid.js';
import { pictureOf, type Picture } from '../../graph/picture.js';
import { parseExtraVars } from '../../inventory/extraVars.js';
import { loadInventory } from '../../inventory/load.js';
import { requireGroups } from '../../inventory/requireGroups.js';
import { standInsFor, withStandIns } from '../../inventory/standIns.js';
import { validateHosts } from '../../inventory/validate.js';
import { InputError } from '../../model/errors.js';
import { shownPosition } from '../../report/text.js';
import { EXIT } from '../exitCodes.js';
import type { Args } from '../input/args.js';
import { inventoryFile } from '../input/inventoryFile.js';
import { vaultSources } from '../input/load.js';
import { playbookFiles } from '../input/playbookFile.js';
import { loadPlaybook } from '../playbook/load.js';

/** How a picture is written, by the ending of its file's name. */
const FORMATS: Readonly<Record<string, (picture: Picture) => string | Buffer | Promise<string | Buffer>>> = {
  '.dot': toDot,
  '.mmd': toMermaid,
  '.png': async (picture) => (await import('../../graph/png.js')).toPng(picture),
  '.svg': async (picture) => (await import('../../graph/svg.js')).toSvg(picture),
};

/** `provision graph`: draws the services that a playbook tells of, on the hosts of an inventory. No host is contacted. */
export async function graph(args: Args<'graph'>, named: string | undefined): Promise<number> {
  const [playbookFile = ''] = playbookFiles(named === undefined ? [] : [named]);
  const write = formatOf(args.out);
  const text = await write(await pictureFor(args, playbookFile));
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

async function pictureFor(args: Args<'graph'>, playbookFile: string): Promise<Picture> {
  const playbook = await loadPlaybook(playbookFile);
  if (playbook.services === undefined) {
    throw new InputError(`${playbookFile} does not tell what its hosts offer`, {
      where: { file: playbookFile },
      hint: 'give playbook({ … }) a function services: (of) => [ … ]; docs/writing-a-playbook.md has an example',
    });
  }
  const vault = vaultSources(args);
  const extraVars = await parseExtraVars(args['extra-vars'] ?? [], { vault });
  // A picture shows no secret, so none must be at hand.
  const standIns = await standInsFor(playbook.vars);
  const loaded = await loadInventory(inventoryFile(args.inventory), { extraVars, vault, standIns });
  const inventory = withStandIns(loaded, playbook.vars, standIns);
  requireGroups(inventory, { ...playbook, file: playbookFile });
  const hosts = validateHosts(inventory, playbook.vars);
  return pictureOf(
    hosts.map(({ name }) => name),
    playbook.services(hosts),
  );
}

function save(file: string, content: string | Buffer): void {
  try {
    writeFileSync(file, content);
  } catch (cause) {
    throw new InputError(`${file} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
