import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { posix } from 'node:path';
import type { PutStep } from '../model/change.js';
import type { CommandResult } from '../model/fact.js';
import type { Session } from '../model/session.js';
import { StreamLost } from '../transport/connectionLost.js';
import { stillHas } from '../util/fileHashes.js';
import { quote } from '../util/shell.js';
import { filePieces } from './filePieces.js';
import { placeScript } from './stepScript.js';

/** A file of the controller and its place on a host. */
export interface SentFile extends Pick<PutStep, 'path' | 'owner' | 'group' | 'mode' | 'validate'> {
  readonly localFile: string;
  /** SHA-256 or BLAKE2b, in hex. */
  readonly digest: string;
  /** In bytes. */
  readonly size: number;
}

/** From this size on a file goes by itself, and what arrived of it is kept when the connection drops. In bytes. */
export const LARGE = 8_000_000;

/** What a slow line may take, in bytes a second, before a stream counts as stuck. */
const SLOWEST = 100_000;
const LEAST_SECONDS = 600;
/** How often a stream may be lost without a byte more of it on the host. */
const PATIENCE = 3;

/** The longest time that so many bytes may take on their way, in seconds. */
export function streamSeconds(bytes: number): number {
  return LEAST_SECONDS + Math.ceil(bytes / SLOWEST);
}

/** Does what streams, again after its connection was lost and made again. */
export async function againWhenLost(stream: () => Promise<CommandResult>): Promise<CommandResult> {
  for (let lost = 1; ; lost++) {
    try {
      return await stream();
    } catch (error) {
      if (!(error instanceof StreamLost) || lost === PATIENCE) throw error;
    }
  }
}

/**
 * Sends a file. A large one goes on where it stopped: what arrived stays beside its place, under a name that holds its digest, also for the
 * next run; it is used as far as its own digest is that of the same beginning here.
 */
export async function sendFile(session: Session, file: SentFile): Promise<CommandResult> {
  let before = -1;
  let lost = 0;
  for (;;) {
    const part = file.size < LARGE ? undefined : await arrivedPart(session, file);
    const begin = part?.size ?? 0;
    if (begin > before) lost = 0;
    before = begin;
    try {
      // Where the file is what its hash was computed of until the last of it goes, the length alone tells that all has come.
      const asHashed = stillHas(file.localFile, file.digest);
      const seen = { changed: false };
      const check = (): void => {
        seen.changed = asHashed && !stillHas(file.localFile, file.digest);
        if (seen.changed) throw new Error('it is not what was promised');
      };
      const rest = begin === file.size ? Readable.from([]) : filePieces(file.localFile, begin, { size: file.size, check });
      const result = await session.feed(sendScript(file, part, asHashed), rest, streamSeconds(file.size - begin));
      return seen.changed ? { ...result, stderr: `${file.localFile} changed while it was sent` } : result;
    } catch (error) {
      if (!(error instanceof StreamLost) || ++lost === PATIENCE) throw error;
    }
  }
}

interface Part {
  readonly path: string;
  readonly size: number;
}

/** The longest beginning of the file that is on the host. */
async function arrivedPart(session: Session, file: SentFile): Promise<Part | undefined> {
  // A plain file only: a pipe or a link would be somebody's trap.
  const script = `for f in ${quote(partName(file))}.*; do [ -f "$f" ] && [ ! -L "$f" ] && printf '%s %s\\n' "$(stat -c %s -- "$f")" "$f"; done | sort -rn | head -n 1 | {
  IFS=' ' read -r n f || exit 0; printf '%s\\n%s\\n' "$n" "$f"; head -c "$n" -- "$f" | ${tool(file)}; }`;
  const [answer] = await session.read([script]);
  const [length = '', path = '', sum = ''] = answer?.stdout.split('\n') ?? [];
  const size = Number(length);
  if (path === '' || size === 0 || size > file.size) return undefined;
  return sum.split(' ')[0] === (await digestOfBeginning(file, size)) ? { path, size } : undefined;
}

async function digestOfBeginning({ localFile, digest }: SentFile, size: number): Promise<string> {
  const hash = createHash(isBlake(digest) ? 'blake2b512' : 'sha256');
  await pipeline(createReadStream(localFile, { end: size - 1 }), hash);
  return hash.digest('hex');
}

/** Takes the rest of the file from standard input. Each try has a file of its own: an earlier one may still be written to. */
function sendScript(file: SentFile, part: Part | undefined, asHashed: boolean) {
  const name = partName(file);
  const temporary = `${name}.${randomBytes(6).toString('hex')}`;
  const keeps = file.size >= LARGE;
  const copied = part === undefined ? [] : [`head -c ${part.size} -- ${quote(part.path)}`];
  const cleared = keeps ? [`for f in ${quote(name)}.*; do [ "$f" = "$t" ] || rm -f -- "$f"; done`] : [];
  const remove = `trap 'rm -f -- "$t"' EXIT`;
  return placeScript(file, [
    `t=${quote(temporary)}${keeps ? '' : `; ${remove}`}`,
    // Earlier parts go before the rest comes, not behind it: by then they may be those of a later try.
    `( umask 077; set -C; { ${[...copied, ...cleared].join('; ')}${keeps ? '; ' : ''}cat; } >"$t" )`,
    `[ "$(stat -c %s -- "$t")" -eq ${file.size} ] || { echo 'it did not arrive whole${keeps ? '; what arrived is kept for the next try' : ''}' >&2; exit 1; }`,
    ...(keeps ? [remove] : []),
    ...(part === undefined && asHashed
      ? []
      : [`echo ${quote(file.digest)}"  $t" | ${tool(file)} -c --status || { echo 'it did not arrive whole' >&2; exit 1; }`]),
  ]);
}

/** What the names of a file's parts begin with. */
function partName({ path, digest }: SentFile): string {
  return posix.join(posix.dirname(path), `.provision.${digest.slice(0, 32)}`);
}

function tool({ digest }: SentFile): string {
  return isBlake(digest) ? 'b2sum' : 'sha256sum';
}

function isBlake(digest: string): boolean {
  return digest.length === 128;
}
