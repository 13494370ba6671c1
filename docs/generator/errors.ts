import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pLimit from 'p-limit';
import { createCa } from '../../src/vault/ca.js';
import { ERROR_CASES, type ErrorCase } from './errorCases.js';
import { fence, page, type Page } from './markdown.js';

/** How many projects are tried at once. */
const AT_ONCE = 2;
/** A case that fails no more would go on to a server that is not there. */
const TIMEOUT_MS = 60_000;

const HEAD = `# Errors

What the program says when something is wrong with a playbook or an inventory: what happened, where, what was expected and what to do. Each of
these was made by breaking the project's own site in one place and running the command that is shown; nothing is contacted before all is well.

\`provision validate\` finds them all, and tells all of them at once. Those that need no compiler are found by every run, dry or not. Exit codes are
in the [README](../README.md#exit-codes).`;

/** docs/errors.md: each mistake with what the program really says to it. Throws where one is no mistake any more. */
export async function errorPage(root: string): Promise<Page> {
  const limit = pLimit(AT_ONCE);
  const secrets = await secretsOfProd();
  const sections = await Promise.all(ERROR_CASES.map((one) => limit(() => sectionOf(root, one, secrets))));
  return page('docs/errors.md', [HEAD, ...sections, '_Made by `npm run docs`, which runs the program._']);
}

type Environment = Readonly<Record<string, string>>;

/** What inventory/prod.yml takes from the environment. None of it shows. */
async function secretsOfProd(): Promise<Environment> {
  const authority = await createCa('docs', 1);
  const passwords = ['MYSQL_APP_PASSWORD', 'MYSQL_REPLICATION_PASSWORD', 'HAPROXY_STATS_PASSWORD'];
  return {
    ...Object.fromEntries(passwords.map((name) => [name, `the ${name}`])),
    CA_CERTIFICATE: authority.certificate,
    CA_KEY: authority.key,
  };
}

async function sectionOf(root: string, one: ErrorCase, secrets: Environment): Promise<string> {
  const project = brokenProject(root, one);
  try {
    const { code, output } = await run(root, project, one, secrets);
    const wanted = one.exitCode ?? 4;
    if (code !== wanted) throw new Error(`docs/errors.md, "${one.title}": ended with ${code}, not ${wanted}:\n${output}`);
    const strange = [project, root].find((path) => output.includes(path));
    if (strange !== undefined) throw new Error(`docs/errors.md, "${one.title}": a path of this machine shows:\n${output}`);
    const shown = output.replaceAll(/ in [\d.]+ s$/gm, ' in 3.0 s').trimEnd();
    return [`## ${one.title}`, `${one.context} Exit code ${wanted}.`, fence('', `$ provision ${one.args}\n${shown}`)].join(
      '\n\n',
    );
  } finally {
    rmSync(project, { recursive: true });
  }
}

/** The shipped playbooks, templates and inventories with one mistake in them. */
function brokenProject(root: string, { title, edits = [], files = {} }: ErrorCase): string {
  const project = mkdtempSync(join(tmpdir(), 'provision-errors-'));
  const isShipped = (source: string): boolean => !source.startsWith(join(root, 'playbooks/app')) && !source.includes('_vars');
  for (const folder of ['playbooks', 'templates', 'inventory'])
    cpSync(join(root, folder), join(project, folder), { recursive: true, filter: isShipped });
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  };
  // The application's own build is none of the mistakes.
  put('dist/app/server.js', '');
  for (const [path, text] of Object.entries(files)) put(path, text);
  for (const [path, from, to] of edits) {
    const text = readFileSync(join(project, path), 'utf8');
    if (!text.includes(from)) throw new Error(`docs/errors.md, "${title}": ${path} has no ${JSON.stringify(from)} any more`);
    put(path, text.replace(from, to));
  }
  return project;
}

/** Runs the built program in a project, with what it writes in the order of a terminal. */
function run(
  root: string,
  cwd: string,
  { args, env = {} }: ErrorCase,
  secrets: Environment,
): Promise<{ code: number | string; output: string }> {
  const words = [...args.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  const script = 'exec "$0" "$@" 2>&1 </dev/null';
  const options = {
    cwd,
    timeout: TIMEOUT_MS,
    env: { PATH: process.env['PATH'], CI: 'true', HOME: cwd, XDG_CACHE_HOME: join(cwd, '.cache'), ...secrets, ...env },
  };
  return new Promise((resolve) => {
    execFile('/bin/sh', ['-c', script, process.execPath, join(root, 'dist/cli/main.cjs'), ...words], options, (error, stdout) => {
      resolve({ code: error === null ? 0 : (error.code ?? error.signal ?? 'nothing'), output: stdout });
    });
  });
}
