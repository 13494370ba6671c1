import type { Session } from '../../model/session.js';
import type { Glob } from '../../util/glob.js';
import { watchFiles, type FileWatch } from './fileChanges.js';
import { startLook } from './look.js';

/** The throwaway copies of hosts, each made when a step needs it. */
export interface Copies {
  open(host: string, user: string): Promise<Session>;
  /** The watch over the files of a host's copy. */
  files(host: string): Promise<FileWatch>;
  /** Paths whose content may hold a secret that a task wrote, by host: never shown. */
  tainted(host: string): Set<string>;
}

export function createCopies(openCopy: (host: string, user: string) => Promise<Session>, patterns: readonly Glob[]): Copies {
  const watches = new Map<string, Promise<FileWatch>>();
  const secrets = new Map<string, Set<string>>();
  const files = (host: string): Promise<FileWatch> => {
    const watch =
      watches.get(host) ??
      openCopy(host, 'root').then(async (session) => watchFiles(session, await startLook(session), patterns));
    watches.set(host, watch);
    return watch;
  };
  return {
    files,
    open: async (host, user) => {
      // Watched before anything is done in it.
      await files(host);
      return openCopy(host, user);
    },
    tainted: (host) => {
      const paths = secrets.get(host) ?? new Set<string>();
      secrets.set(host, paths);
      return paths;
    },
  };
}
