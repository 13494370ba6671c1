import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { resolve } from 'node:path';
import { isRunning } from './container.js';
import { fingerprint } from './fingerprint.js';
import { down, existing, reset, up } from './lifecycle.js';
import { asRoot } from './asRoot.js';
import { testRigPrefix } from './paths.js';
import { bases, isBase } from './recipe.js';
import { sshArgv } from './ssh.js';
import { rigNames } from './state.js';
import { isTopology, topologies } from './topology.js';

const help = `Container hosts for trying the tool on: real Debian servers with systemd and sshd, bare.

  npm run rig -- up [plain|ha] [--flavour mariadb|mysql] [--base ${bases.join('|')}] [--fresh]
  npm run rig -- status
  npm run rig -- ssh HOST [-- COMMAND...]
  npm run rig -- reset [HOST...]           bare again, same addresses and keys
  npm run rig -- down

  --flavour NAME    the database they are for: mariadb (default), or mysql, which only sid has
  --base NAME       the Debian release: bookworm (default; sid for mysql)
  --fresh           begin with bare hosts even where the rig is up
  --name NAME       a rig of its own beside others (default: rig)
  --subnet A.B.C    its network, a /24 (default: a free one in 10.79)
  --tests           with down: every rig that tests of this checkout left
  --inventory FILE  where its inventory is written (default: inventory/rig.yml)
`;

const say = (line: string): void => {
  process.stderr.write(`rig: ${line}\n`);
};

async function main(argv: readonly string[]): Promise<number> {
  const end = argv.indexOf('--');
  const remote = end === -1 ? [] : argv.slice(end + 1);
  const { values, positionals } = parseArgs({
    args: end === -1 ? [...argv] : argv.slice(0, end),
    allowPositionals: true,
    options: {
      flavour: { type: 'string', default: 'mariadb' },
      base: { type: 'string' },
      name: { type: 'string', default: 'rig' },
      subnet: { type: 'string' },
      inventory: { type: 'string', default: 'inventory/rig.yml' },
      fresh: { type: 'boolean', default: false },
      tests: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [command, ...operands] = positionals;
  const { name } = values;
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(name))
    throw new Error(`--name ${name}: lower-case letters, digits and dashes, a letter first`);
  if (values.help || command === undefined) {
    process.stdout.write(help);
    return values.help ? 0 : 4;
  }
  switch (command) {
    case 'up': {
      const { flavour, subnet } = values;
      if (flavour !== 'mysql' && flavour !== 'mariadb') throw new Error(`--flavour ${flavour}: mariadb or mysql`);
      const base = values.base ?? (flavour === 'mysql' ? 'sid' : 'bookworm');
      if (!isBase(base)) throw new Error(`--base ${base}: one of ${bases.join(', ')}`);
      if (flavour === 'mysql' && base !== 'sid')
        throw new Error(`--flavour mysql --base ${base}: of Debian's releases only sid has mysql-server`);
      if (subnet !== undefined && !/^\d{1,3}(\.\d{1,3}){2}$/.test(subnet))
        throw new Error(`--subnet ${subnet}: three numbers, such as 10.79.5`);
      const topology = operands[0] ?? 'plain';
      if (!isTopology(topology)) throw new Error(`up ${topology}: one of ${Object.keys(topologies).join(', ')}`);
      const state = await up(
        { name, topology, base, flavour, subnet, inventoryFile: resolve(values.inventory), fresh: values.fresh },
        say,
      );
      for (const host of state.hosts) say(`${host.name} ${host.address} is up`);
      say(`inventory: ${state.inventoryFile}`);
      return 0;
    }
    case 'down':
      for (const each of values.tests ? await testRigs() : [name]) await down(each, say);
      return 0;
    case 'reset':
      await reset(name, say, operands);
      return 0;
    case 'status':
      return await status();
    case 'ssh': {
      const [host] = operands;
      if (host === undefined) throw new Error('ssh: which host?');
      const [program, ...args] = sshArgv(await existing(name), host);
      const child = spawn(program, [...args, ...remote], { stdio: 'inherit' });
      const [code] = (await once(child, 'close')) as [number | null];
      return code ?? 1;
    }
    case 'fingerprint': {
      const [host] = operands;
      if (host === undefined) throw new Error('fingerprint: which host?');
      process.stdout.write(`${JSON.stringify(await fingerprint(await existing(name), host))}\n`);
      return 0;
    }
    default:
      throw new Error(`unknown command "${command}"; see npm run rig -- --help`);
  }
}

/** What a run of this checkout's tests left. */
async function testRigs(): Promise<string[]> {
  return (await rigNames()).filter((each) => each.startsWith(testRigPrefix()));
}

async function status(): Promise<number> {
  const names = await rigNames();
  if (names.length === 0) say('no rig is up');
  for (const name of names) {
    const state = await existing(name).catch(() => undefined);
    if (state === undefined) {
      console.log(`${name}: remains of a run that did not end; npm run rig -- down --name ${name}`);
      continue;
    }
    console.log(`${name}: ${state.base}, ${state.flavour}, ${state.subnet}.0/24, ${state.inventoryFile}`);
    for (const host of state.hosts)
      console.log(`  ${host.name} ${host.address} ${(await isRunning(name, host.name, host.address)) ? 'running' : 'stopped'}`);
  }
  return 0;
}

const argv = process.argv.slice(2);
if (process.getuid?.() !== 0) {
  process.exitCode = await asRoot(argv);
} else {
  try {
    process.exitCode = await main(argv);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    if (error instanceof Error && error.cause instanceof Error) say(`because ${error.cause.message}`);
    process.exitCode = 1;
  }
}
