import type { FileState } from './file.js';
import { sha256 } from '../util/hash.js';

/**
 * A mark stands for what is at a path: `file:SHA256`, `link:SHA256` of where it points, `folder:SHA256` over all files
 * and links in it, `absent`. A path that ends with `/` is a folder. Equal marks mean that nothing changed.
 */
export type Mark = string;

/** How the mark of what is not known yet begins, and may be what it was; the id of the task that brings it follows. */
export const OPEN_MARK = 'from:';

/** The mark of what stands at a path that is no folder. A folder there gives undefined. */
export function markOf(state: FileState): Mark | undefined {
  switch (state.type) {
    case 'file':
      if (state.contentFrom !== undefined) return `${state.anew === true ? 'new:' : OPEN_MARK}${state.contentFrom}`;
      return `file:${state.sha256 ?? ''}`;
    case 'link':
      return `link:${sha256(state.target ?? '')}`;
    case 'absent':
      return 'absent';
    case 'other':
      return 'other';
    case 'directory':
      return undefined;
  }
}

/** sh function `mark PATH`: prints the mark of what is there. */
export const MARK_SHELL = `
mark() {
  case $1 in
    */) if [ -d "$1" ]; then
      set -- "$(cd "$1" && { find . -type f -exec sha256sum {} +; find . -type l -printf '%p -> %l\\n'; } | LC_ALL=C sort | sha256sum)"
      echo "folder:\${1%% *}"
    else echo absent; fi ;;
    *) if [ -L "$1" ]; then set -- "$(readlink -n -- "$1" | sha256sum)"; echo "link:\${1%% *}"
    elif [ -f "$1" ]; then set -- "$(sha256sum <"$1")"; echo "file:\${1%% *}"
    elif [ -e "$1" ]; then echo other
    else echo absent; fi ;;
  esac
}`;
