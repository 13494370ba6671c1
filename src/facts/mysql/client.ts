import type { CommandResult } from '../../model/fact.js';
import type { Topic } from '../../model/topic.js';
import { joinText, type Text } from '../../util/secret.js';
import { quote } from '../../util/shell.js';

/** A row of a result: its columns by name. */
export type Row = Readonly<Record<string, string>>;

/** What a server answered, or why it did not. */
export type MysqlAnswer =
  /** There is no client program on the host, so no server either. */
  | { readonly state: 'absent' }
  /** The client could not connect; `message` is its own. */
  | { readonly state: 'stopped'; readonly message: string }
  | ({ readonly state: 'running' } & MysqlRows);

/** The rows of each named query that was asked. */
export interface MysqlRows {
  rows(name: string): readonly Row[];
}

/** A server that cannot be asked. */
export type NoMysql = Exclude<MysqlAnswer, { state: 'running' }>;

/** What every fact about a database server depends on. */
export const serverTopics: readonly Topic[] = ['mysql:server', 'unit:mysql.service', 'unit:mariadb.service'];

/** Marks the begin of a query's rows; no value can hold the line, as batch mode escapes line breaks. */
const SECTION = '--section--';

/**
 * As root, over the server's socket, and without TLS: on a socket that protects nothing and costs five times as long. With it
 * only where the server refused to connect, as an account may demand it; nothing was run then, and no input read. What fails
 * later has `at line N` in its message. MariaDB 11 installs no `mysql`; MySQL no `mariadb`.
 */
const CLIENT_SCRIPT = `c=$(command -v mariadb || command -v mysql)
case $c in *mariadb) plain=--skip-ssl ;; *) plain=--ssl-mode=DISABLED ;; esac
set -- --batch --default-character-set=utf8mb4 --connect-timeout=10 "$@"
{ said=$("$c" --protocol=socket $plain "$@" 2>&1 >&3 3>&-); } 3>&1 && code=0 || code=$?
case $code:$said in [!0]*[!1-9]'ERROR '[0-9][0-9][0-9][0-9]' ('?????'): '*) exec "$c" "$@" ;; esac
[ -z "$said" ] || printf '%s\\n' "$said" >&2
exit $code`;

/** The command line, to be followed by more of the client's options. */
const CLIENT = `sh -c ${quote(CLIENT_SCRIPT)} client`;

/** Shell condition, to be followed by `|| …` for a host without a client. */
export const NO_CLIENT = 'command -v mariadb >/dev/null || command -v mysql >/dev/null';
const HEREDOC = 'END_OF_SQL';

/** Known quoting in both directions, whatever the server's configuration says. */
const SESSION = "SET SESSION sql_mode = '', sql_quote_show_create = 1;";

/** A script that asks named queries. One that fails (an account that is not there) has no rows. */
export function askMysql(queries: Readonly<Record<string, string>>): string {
  const sql = Object.entries(queries).map(([name, query]) => `SELECT '${name}' AS \`${SECTION}\`;\n${query};`);
  return `${NO_CLIENT} || exit 127\n${CLIENT} --force <<'${HEREDOC}'\n${[SESSION, ...sql].join('\n')}\n${HEREDOC}`;
}

/** A query for global variables, by their names: those that the server does not know are left out. */
export function askVariables(names: readonly string[]): string {
  return `SHOW GLOBAL VARIABLES WHERE Variable_name IN ('${names.join("','")}')`;
}

/** A script that runs statements on standard input, where no process list shows them, and stops at the first that fails. */
export function runMysql(statements: readonly Text[]): Text {
  return joinText([
    `${NO_CLIENT} || { echo 'no MySQL or MariaDB client on this host: install the server first' >&2; exit 127; }\n`,
    `${CLIENT} <<'${HEREDOC}'\n${SESSION}\n`,
    ...statements.flatMap((statement) => [statement, ';\n']),
    HEREDOC,
  ]);
}

/** A command line that runs the SQL which a shell command prints: for values that only the host knows. */
export function pipeMysql(printer: string): string {
  return `${printer} | ${CLIENT}`;
}

/** A shell function that runs a query and prints a line for each column of its rows, as `Column: value`. */
export function mysqlFunction(name: string, query: string): string {
  return `${name}() {\n${CLIENT} --vertical <<'${HEREDOC}'\n${query};\n${HEREDOC}\n}`;
}

/** Lines that add to a question's answer a section of one column, which shell commands print. */
export function askShell(name: string, column: string, commands: string): string {
  return `printf '%s\\n' '${SECTION}' ${name} ${column}\n${commands}`;
}

/** Reads what `askMysql` printed. */
export function parseMysql({ code, stdout, stderr }: CommandResult): MysqlAnswer {
  if (code === 127) return { state: 'absent' };
  const sections = new Map<string, string[]>();
  let current: string[] = [];
  let named = false;
  for (const line of stdout.split('\n')) {
    if (named) sections.set(line, (current = []));
    else if (line !== SECTION && line !== '') current.push(line);
    named = line === SECTION;
  }
  if (sections.size === 0) return { state: 'stopped', message: firstError(stderr) };
  return { state: 'running', rows: (name) => toRows(sections.get(name) ?? []) };
}

function toRows([header, ...lines]: readonly string[]): readonly Row[] {
  const columns = header?.split('\t').map(unescape) ?? [];
  return lines.map((line) => {
    const cells = line.split('\t').map(unescape);
    return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']));
  });
}

const ESCAPED: Readonly<Record<string, string>> = { n: '\n', t: '\t', '0': '\0', '\\': '\\' };

function unescape(cell: string): string {
  return cell.replace(/\\(.)/g, (whole, character: string) => ESCAPED[character] ?? whole);
}

function firstError(stderr: string): string {
  return (stderr.split('\n').find((line) => line.startsWith('ERROR')) ?? stderr.trim()) || 'the client said nothing';
}
