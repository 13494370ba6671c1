import type { ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { API, type APIOptions } from 'typescript-native/unstable/sync';
import { InputError } from '../model/errors.js';

/** TypeScript's native compiler at work, in a process of its own. */
export interface NativeSession {
  readonly compiler: API;
  /** Ends the process. Nothing is to be asked of the compiler any more. */
  readonly end: () => void;
}

/** Begins a session. `files` answers for files that are not as the disk has them. */
export function nativeSession(files: NonNullable<APIOptions['fs']>): NativeSession {
  let child: ChildProcess | undefined;
  const begun = (message: unknown): void => {
    child = (message as { readonly process: ChildProcess }).process;
  };
  subscribe('child_process', begun);
  try {
    const compiler = new API({ tsserverPath: nativeCompiler(), fs: files });
    return {
      compiler,
      end: () => {
        // Where the API's own `close` asks it to end, it says on the standard error that it was asked.
        child?.kill('SIGKILL');
        child?.stdin?.destroy();
        child?.stdout?.destroy();
        // Waited for, or it would stay in the list of processes where nothing else waits for orphans.
        child?.ref();
      },
    };
  } finally {
    unsubscribe('child_process', begun);
  }
}

/**
 * The program of TypeScript's native compiler, of the package for this platform.
 *
 * @throws InputError where that is not installed.
 */
export function nativeCompiler({ platform, arch }: Pick<NodeJS.Process, 'platform' | 'arch'> = process): string {
  const name = `@typescript/typescript-${platform}-${arch}`;
  const { resolve } = createRequire(createRequire(import.meta.url).resolve('typescript-native/package.json'));
  try {
    return join(dirname(resolve(`${name}/package.json`)), 'lib', platform === 'win32' ? 'tsc.exe' : 'tsc');
  } catch {
    throw new InputError(`the types cannot be checked: ${name}, the compiler for this platform, is not installed`, {
      hint: 'install this package again with its optional packages (npm install --include=optional), or check on a platform that has one, such as linux-x64 or darwin-arm64',
    });
  }
}
