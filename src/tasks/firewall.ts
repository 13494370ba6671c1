import { z } from 'zod';
import { ABSENT, fileState, type FileState } from '../facts/file.js';
import { nftTable, type NftTable } from '../facts/nftTable.js';
import { resolved } from '../facts/resolved.js';
import { sshPorts } from '../facts/sshPorts.js';
import { sh, type Change } from '../model/change.js';
import { PlanError } from '../model/errors.js';
import { defineTask } from '../model/task.js';
import { quote } from '../util/shell.js';
import { rulesetText, TABLE } from './firewall/ruleset.js';
import { isNetwork } from './firewall/sources.js';
import { unconfirmedOf, withConfirmedLogin } from './shared/confirmLogin.js';
import { folderFor, withFolder } from './shared/folders.js';
import { onceKnown, planTextFile, predictFile } from './shared/textFile.js';

/** The file that the table is loaded from at boot. */
export const FIREWALL_FILE = '/etc/nftables.d/provision.nft';

const source = z
  .string()
  .refine(
    (text) => isNetwork(text) || (/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(text) && !/^[\d.]+$/.test(text)),
    'expected an address, a network such as 10.0.0.0/24, or a host name',
  );

const port = z.int().min(1).max(65535);

const rule = z
  .strictObject({
    /** What it is for: the rule's comment. */
    name: z.string().regex(/^[\w .,:/()-]{1,100}$/, 'expected a few plain words'),
    /** The ports that are open. */
    ports: z.array(port).default([]),
    /** `tcp`, `udp`, or `vrrp`, which has no ports. Default `tcp`. */
    protocol: z.enum(['tcp', 'udp', 'vrrp']).default('tcp'),
    /** Who may connect: addresses, networks, or names, which the host itself looks up. Default: anybody. */
    from: z.array(source).min(1).optional(),
  })
  .refine((o) => (o.protocol === 'vrrp') === (o.ports.length === 0), 'expected ports, or the protocol vrrp without any');

const options = z.strictObject({
  /** What is open beside SSH, ICMP and answers. All else that comes in is dropped. */
  accept: z.array(rule).default([]),
  /** Who may log in by SSH, on the ports that the host's own sshd has: addresses, networks or names. Default: anybody, but not too often. */
  sshFrom: z.array(source).default([]),
  /** Where anybody may: how many new connections a minute from one address; twice as many at once. Default 60. */
  sshPerMinute: z.int().min(1).max(10_000).default(60),
  /** `absent` removes the table and its file. Default `present`. */
  state: z.enum(['present', 'absent']).default('present'),
  /** How long a new login has to confirm the rules, in seconds, before the host brings the old ones back. Default 30. */
  confirmSeconds: z.int().min(5).max(600).default(30),
});

type Options = z.output<typeof options>;

const FILE = { path: FIREWALL_FILE, mode: '0644', owner: 'root', group: 'root' };
const LIVE = { table: TABLE, file: FIREWALL_FILE };

/**
 * The host's packet filter: a table of nftables of its own, in which all that comes in is dropped but for what is named. New
 * rules are judged by nft first, and the host brings the old ones back unless a new login confirms them. Only then they are
 * in the file for the next boot. It needs the package nftables; tables of others are left alone.
 * @example firewall({ accept: [{ name: 'web', ports: [80, 443] }, { name: 'database', ports: [3306], from: ['10.0.0.0/24'] }] })
 */
export const firewall = defineTask({
  kind: 'firewall',
  options,
  subject: () => TABLE,
  reads: (o) => ({
    file: fileState({ path: FIREWALL_FILE, contentUnless: [] }),
    folder: folderFor(FIREWALL_FILE),
    live: nftTable(LIVE),
    ports: sshPorts,
    left: unconfirmedOf(`firewall ${TABLE}`, { seconds: o.confirmSeconds }),
    found: namesOf(o).map((name) => resolved(name)),
  }),
  plan: (o, { file, folder, live, ports, left, found }) => {
    if (o.state === 'absent') return planRemoval(file, live);
    const addresses = new Map(namesOf(o).map((name, index) => [name, found[index] ?? []]));
    const { text, rules } = rulesetText({
      ssh: { ports, from: addressesOf(o.sshFrom, addresses), perMinute: o.sshPerMinute },
      accept: o.accept.map((one) => ({ ...one, from: one.from && addressesOf(one.from, addresses) })),
    });
    const isLoaded = live.state === 'loaded' && live.rules === rules && !live.edited;
    const guard = { task: `firewall ${TABLE}`, paths: [], left, keep: KEEP, undo: 'nft -f ./old.nft' };
    return [
      ...withConfirmedLogin({ seconds: o.confirmSeconds }, guard, isLoaded ? [] : [load(text, rules, live)]),
      ...withFolder(FIREWALL_FILE, folder || file.type !== 'absent', planTextFile({ ...FILE, text }, file)),
    ];
  },
});

function load(text: string, rules: string, live: NftTable): Change {
  const was =
    live.state === 'absent'
      ? 'load the rules'
      : live.edited
        ? 'load the rules, which were changed by hand'
        : 'load the new rules';
  const given = `printf %s ${quote(text)}`;
  return {
    summary: was,
    steps: [
      sh(`${given} | nft -c -f - || { echo 'refused by nft; the rules are as they were' >&2; exit 1; }\n${given} | nft -f -`),
    ],
    live: true,
    touches: [`nft:${TABLE}`],
    predicts: [nftTable(LIVE).predict({ state: 'loaded', rules, edited: false })],
  };
}

/** What brings back the table as it is, or its absence. */
const KEEP = `{ echo 'table ${TABLE}'; echo 'delete table ${TABLE}'; nft -s -t list table ${TABLE} 2>/dev/null || :; } >old.nft`;

function planRemoval(file: FileState, live: NftTable): readonly Change[] {
  const table: readonly Change[] =
    live.state === 'absent'
      ? []
      : [
          {
            summary: 'remove the rules: all that listens can be reached',
            steps: [sh(`nft ${quote(`table ${TABLE}; delete table ${TABLE}`)}`)],
            live: true,
            touches: [`nft:${TABLE}`],
            predicts: [nftTable(LIVE).predict({ state: 'absent' })],
          },
        ];
  if (file.type === 'absent') return table;
  return onceKnown(file, [
    ...table,
    {
      summary: `remove ${FIREWALL_FILE}`,
      diff: { before: file.content, after: undefined },
      steps: [sh(`rm -f -- ${FIREWALL_FILE}`)],
      touches: [`path:${FIREWALL_FILE}`],
      predicts: [predictFile({ path: FIREWALL_FILE }, ABSENT)],
    },
  ]);
}

/** The names among all sources, which the host has to look up. */
function namesOf({ accept, sshFrom }: Options): readonly string[] {
  const all = [...sshFrom, ...accept.flatMap(({ from = [] }) => from)];
  return [...new Set(all.filter((one) => !isNetwork(one)))];
}

function addressesOf(from: readonly string[], found: ReadonlyMap<string, readonly string[]>): readonly string[] {
  return from.flatMap((one) => {
    const addresses = found.get(one);
    if (addresses?.length === 0) {
      throw new PlanError(`the host does not find the address of ${one}, which its firewall is to let in`, {
        hint: `give the address: of a host of the inventory as internal_address, else in place of the name`,
      });
    }
    return addresses ?? [one];
  });
}
