import { defineFact } from '../model/fact.js';
import { quote } from '../util/shell.js';

/** A table of the kernel's packet filter. */
export type NftTable =
  | { readonly state: 'absent' }
  | {
      readonly state: 'loaded';
      /** The word behind `rules` in the comment of one of its rules: what tells which rules they are. */
      readonly rules: string | undefined;
      /** True where it is not what its file says: somebody has changed it since it was loaded. */
      readonly edited: boolean;
    };

export interface NftTableParams {
  /** Family and name, as in `inet provision`. */
  readonly table: string;
  /** The file that it is loaded from. */
  readonly file: string;
}

/**
 * A table as the kernel has it now. It is compared with what its file makes of an empty network namespace, so that each
 * rule that was added or removed by hand is seen; where no such namespace can be made, it counts as it was loaded.
 */
export const nftTable = defineFact<NftTableParams, NftTable>({
  name: 'nftTable',
  live: true,
  key: ({ table, file }) => `${table} ${file}`,
  // Installing nftables makes no table.
  topics: ({ table }) => [`nft:${table}`],
  command: ({ table, file }) =>
    [
      `command -v nft >/dev/null || exit 1`,
      `list='nft -s -t list table ${table}'`,
      'now=$($list 2>/dev/null) || exit 1',
      `loaded=$(unshare -n sh -c "nft -f ${quote(file)} && $list" 2>/dev/null) || loaded=$now`,
      // nft 1.1 tells behind a set's size how many elements it has now.
      `plain() { printf '%s\\n' "$1" | sed 's/[[:space:]]*# count [0-9]*$//'; }`,
      `if [ "$(plain "$now")" = "$(plain "$loaded")" ]; then echo same; else echo edited; fi`,
      `printf '%s\\n' "$now" | sed -n 's/.*comment "rules \\([0-9a-f]*\\).*/\\1/p'`,
    ].join('\n'),
  parse: ({ code, stdout }) => {
    if (code !== 0) return { state: 'absent' };
    const [how, rules] = stdout.split('\n');
    return { state: 'loaded', rules: rules === '' ? undefined : rules, edited: how === 'edited' };
  },
});
