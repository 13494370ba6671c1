import { createHash } from 'node:crypto';
import { createReadStream, lstatSync, readFileSync, type BigIntStats } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import pLimit from 'p-limit';
import { cacheFolder } from './cacheFolder.js';
import { blake2b, sha256 } from './hash.js';
import { keep } from './keep.js';

/** The hashes of the files of a folder, each computed once as long as the file stays what it is. */
export interface FileHashes {
  /** BLAKE2b of a file's content, in hex. `name` is its path below the folder, `stat` what it is now. */
  of(file: string, name: string, stat: BigIntStats): Promise<string>;
  /** Keeps the hashes for later processes. */
  keep(): void;
}

/** What a file was when its hash was computed, and that hash. Size, inode and times change with its content; ctime always does. */
interface Known {
  readonly mark: string;
  readonly hash: Promise<string>;
}

const LARGE_AT_ONCE = 4;

/** Files up to this many bytes are read at once: a stream costs more than they do. */
const SMALL = 1 << 20;

/** A file that changed less than this long ago, in milliseconds, may change again without another time stamp. */
const YOUNG = 3000;

/** By folder: a process asks for the same one for each host. */
const known = new Map<string, Map<string, Known>>();

const limit = pLimit(LARGE_AT_ONCE);

/** What large files were when their hashes were asked for, by path. */
const large = new Map<string, { readonly mark: string; readonly hash: string }>();

/**
 * Whether a large file still is what it was when this hash of it was asked for in this process. False where that is not known:
 * of small files, of those that had just changed.
 */
export function stillHas(file: string, hash: string): boolean {
  const found = large.get(file);
  return found?.hash === hash && found.mark === markOf(lstatSync(file, { bigint: true }));
}

function markOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`;
}

/** The hashes of the files below a folder. Those of an earlier process are used where the files are as they were. */
export function fileHashes(root: string): FileHashes {
  const kept = join(cacheFolder(), 'hashes', `${sha256(root)}.json`);
  const entries = known.get(root) ?? readKept(kept);
  known.set(root, entries);
  const asked = new Set<string>();
  let computed = false;
  return {
    of: (file, name, stat) => {
      asked.add(name);
      const mark = markOf(stat);
      const isYoung = Date.now() - Number(stat.ctimeMs) < YOUNG;
      const isLarge = stat.size > SMALL && !isYoung;
      const found = entries.get(name);
      if (found?.mark === mark) return isLarge ? remember(file, mark, found.hash) : found.hash;
      const computing = stat.size <= SMALL ? Promise.resolve(blake2b(readFileSync(file))) : limit(() => hashOf(file));
      const hash = isLarge ? remember(file, mark, computing) : computing;
      const entry = { mark, hash };
      entries.set(name, entry);
      const forget = () => {
        if (entries.get(name) === entry) entries.delete(name);
      };
      // Whoever asks for a young one meanwhile shares it, and nobody later; nor what could not be read.
      hash.then(isYoung ? forget : undefined, forget);
      computed ||= !isYoung;
      return hash;
    },
    keep: () => {
      const gone = [...entries.keys()].filter((name) => !asked.has(name));
      gone.forEach((name) => entries.delete(name));
      if (computed || gone.length > 0) void write(kept, entries);
    },
  };
}

async function remember(file: string, mark: string, computing: Promise<string>): Promise<string> {
  const hash = await computing;
  large.set(file, { mark, hash });
  return hash;
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('blake2b512');
  await pipeline(createReadStream(file, { highWaterMark: SMALL }), hash);
  return hash.digest('hex');
}

function readKept(file: string): Map<string, Known> {
  try {
    const lines = JSON.parse(readFileSync(file, 'utf8')) as [name: string, mark: string, hash: string][];
    return new Map(lines.map(([name, mark, hash]) => [name, { mark, hash: Promise.resolve(hash) }]));
  } catch {
    return new Map();
  }
}

async function write(file: string, entries: ReadonlyMap<string, Known>): Promise<void> {
  const lines = await Promise.all([...entries].map(async ([name, { mark, hash }]) => [name, mark, await hash]));
  keep(file, JSON.stringify(lines));
}
