import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { sh, type PutStep, type Step, type UnpackStep } from '../model/change.js';
import { reveal, Secret } from '../util/secret.js';
import { quote } from '../util/shell.js';
import { placeScript } from './stepScript.js';
import { tarStream } from './tarStream.js';

/** More than this goes over a channel of its own, so that many hosts' jobs fit in memory. In bytes, of all steps together. */
const MOST = 32_768;

/**
 * Makes shell steps, which need no exchange of their own, of steps that send little from this machine's disk. Others, and
 * those whose files cannot be read, stay as they are.
 */
export async function inlineSteps<S extends { readonly step: Step }>(placed: readonly S[]): Promise<readonly S[]> {
  let left = MOST;
  return await Promise.all(
    placed.map(async (one): Promise<S> => {
      const size = sizeOf(one.step);
      if (size === undefined || size > left) return one;
      left -= size;
      return { ...one, step: await inline(one.step).catch(() => one.step) };
    }),
  );
}

/** How much a step sends over a channel; undefined where that is nothing. Names count, as a tar has them too. */
function sizeOf(step: Step): number | undefined {
  if (step.kind === 'unpack') return step.entries.reduce((sum, { size = 0, path }) => sum + size + path.length + 512, 0);
  return step.kind === 'put' && !('text' in step.content) ? step.content.size : undefined;
}

async function inline(step: Step): Promise<Step> {
  if (step.kind === 'unpack') return await inlineUnpack(step);
  return step.kind === 'put' && !('text' in step.content)
    ? await inlinePut(step, step.content.localFile, step.content.sha256)
    : step;
}

async function inlineUnpack(step: UnpackStep): Promise<Step> {
  const data = await buffer(tarStream(step, true));
  const script = `base64 -d <<'DATA_END' | ${unpackCommand(step, true)}`;
  return sh(new Secret(`${script}\n${lines(data)}\nDATA_END`, unpackCommand(step, true)));
}

async function inlinePut(step: PutStep, localFile: string, sha256: string): Promise<Step> {
  const data = gzipSync(await readFile(localFile), { level: 1 });
  const put = placeScript(step, [
    `t=$d/.provision.${randomBytes(6).toString('hex')}; trap 'rm -f -- "$t"' EXIT`,
    `( umask 077; set -C; base64 -d <<'DATA_END' | gzip -d >"$t" )\n${lines(data)}\nDATA_END`,
    `echo ${quote(sha256)}"  $t" | sha256sum -c --status || { echo 'it did not arrive whole' >&2; exit 1; }`,
  ]);
  return sh(new Secret(reveal(put), `send ${localFile} to ${step.path}`));
}

/** What unpacks its standard input, which went through gzip where it is `packed`. */
export function unpackCommand({ directory }: UnpackStep, packed: boolean): string {
  return `tar -x ${packed ? '-z ' : ''}-p --same-owner -C ${quote(directory)} -f -`;
}

/** Base64 in lines of the usual length. */
function lines(data: Buffer): string {
  return data.toString('base64').replaceAll(/.{76}/g, '$&\n');
}
