import { PassThrough } from 'node:stream';
import { TaskError, UnreachableError, type ProvisionError } from '../../model/errors.js';
import type { Secret } from '../../util/secret.js';
import { quote } from '../../util/shell.js';
import { answerSudo, becomeCommand } from '../become.js';
import type { ByteChannel, Transport } from '../channel.js';
import { ConnectionLost } from '../connectionLost.js';
import { openShell } from '../shell.js';
import { COPY_DIRECTORY } from './layout.js';
import { copyScript, KEEP_WORD, LEASE_SECONDS } from './setup.js';

export interface CopyOptions {
  readonly transport: Transport;
  /** Random; names the copy, so that nothing ever runs outside it by mistake. */
  readonly token: string;
  readonly becomePassword: Secret | undefined;
  /** A folder of the host for what is written in the copy. Default: memory. */
  readonly scratch: string | undefined;
}

/** A throwaway copy of a host: a way to run commands in it as root. Closing it leaves nothing of it. */
export interface HostCopy extends Transport {
  /** Where file systems are mounted that can only be read in it. */
  readonly readOnly: readonly string[];
}

/**
 * Rights that root does not have in the copy: what they allow acts on the machine itself, not on files. Only names that
 * the oldest supported setpriv knows.
 */
const DROPPED = [
  'sys_boot',
  'sys_time',
  'sys_module',
  'sys_rawio',
  'net_admin',
  'mknod',
  'mac_admin',
  'mac_override',
  'syslog',
  'audit_control',
  'wake_alarm',
  'block_suspend',
];

/** Makes a copy of the host behind a transport. Throws TaskError where kernel, rights or memory do not allow it. */
export async function openCopy({ transport, token, becomePassword, scratch }: CopyOptions): Promise<HostCopy> {
  const { host, loginUser } = transport;
  const shell = await openShell({ transport, user: 'root', token, becomePassword });
  const readOnly: string[] = [];
  let said = '';
  let pid: string;
  try {
    pid = await shell.converse(copyScript(token, scratch), ({ body, words: [word, ...rest] }) => {
      said += body.toString('utf8');
      if (word === 'readonly') readOnly.push(rest.join(' '));
      if (word === 'refused') throw refusal(host, rest[0] ?? '', said);
      if (word === 'ended') throw refusal(host, '', said);
      return word === 'copy' ? rest[0] : undefined;
    });
  } catch (error) {
    shell.destroy();
    if (error instanceof ConnectionLost) throw lost(host, error);
    throw error;
  }
  const keep = setInterval(
    () => {
      shell.send(`${KEEP_WORD}\n`);
    },
    (LEASE_SECONDS * 1000) / 4,
  );
  keep.unref();
  const enter = enterScript(pid, token);
  return {
    host,
    loginUser: 'root',
    readOnly,
    start: async (command) => {
      const script = enter(command);
      const become = { login: loginUser, user: 'root', token, password: becomePassword, script };
      const channel = await transport.start(becomeCommand(become));
      return loginUser === 'root' || becomePassword === undefined ? channel : behindSudo(channel, token, becomePassword);
    },
    close: async () => {
      clearInterval(keep);
      await shell.end();
    },
  };
}

/** What a session meets when its connection to a copy is gone: the copy is gone with it. */
export function lost(host: string, cause?: unknown): UnreachableError {
  return new UnreachableError(`the connection to ${host} was lost, and the rehearsal there ended with it`, {
    hint: 'nothing of it stays on the host; rehearse again',
    cause,
  });
}

/** A process number may be given anew: what is entered must be the copy. */
function enterScript(pid: string, token: string): (command: string) => string {
  const guard = `[ "$(cat ${COPY_DIRECTORY}/token 2>/dev/null)" = ${token} ] || { echo 'the rehearsal has ended' >&2; exit 97; }`;
  const limits = `setpriv --bounding-set ${DROPPED.map((name) => `-${name}`).join(',')}`;
  return (command) =>
    `exec env SYSTEMD_OFFLINE=1 nsenter --target ${pid} --mount --uts --ipc --pid -- ${limits} sh -c ${quote(`cd /; ${guard}\n${command}`)}`;
}

/** A channel whose standard output begins after sudo is content. */
async function behindSudo(channel: ByteChannel, token: string, password: Secret): Promise<ByteChannel> {
  const stdout = new PassThrough();
  const marker = Buffer.from(`\n${token} shell\n`);
  const refused = answerSudo(channel, token, password, () => undefined);
  const content = new Promise<void>((resolve, reject) => {
    let head: Buffer | undefined = Buffer.alloc(0);
    channel.stdout.on('data', (chunk: Buffer) => {
      if (head === undefined) {
        stdout.write(chunk);
        return;
      }
      head = Buffer.concat([head, chunk]);
      const at = head.indexOf(marker);
      if (at < 0) return;
      stdout.write(head.subarray(at + marker.length));
      head = undefined;
      resolve();
    });
    void channel.exit.then(() => {
      stdout.end();
      reject(new ConnectionLost());
    });
  });
  await Promise.race([content, refused]);
  return { ...channel, stdout };
}

const REASONS: Readonly<Record<string, { readonly what: string; readonly hint: string }>> = {
  memory: {
    what: 'its memory does not suffice: what the steps write is kept there',
    hint: 'it needs 192 MiB at least, and up to 1 GiB to install a database; --scratch /var/tmp keeps it on disk, and --check needs none',
  },
  disk: {
    what: 'its disk is too full for it',
    hint: 'it needs 2 GiB free in the folder of --scratch, so that the host itself does not run out',
  },
  scratch: {
    what: 'the folder of --scratch cannot be used',
    hint: 'name a folder that is there, on a disk of the host: /var/tmp',
  },
  overlay: {
    what: 'its kernel does not lay an overlay over /',
    hint: 'the kernel needs overlayfs, and allows only one overlay over another (a container in a container); use --check there',
  },
};

const NO_RIGHTS = {
  what: 'the login may not make namespaces and mounts there',
  hint: 'it needs root with CAP_SYS_ADMIN, which a container may withhold; use --check there',
};

function refusal(host: string, word: string, said: string): ProvisionError {
  const { what, hint } = REASONS[word] ?? NO_RIGHTS;
  const words = said.trim().split('\n').at(-1)?.trim() ?? '';
  return new TaskError(`no rehearsal is possible on ${host}: ${what}${words === '' ? '' : ` (${words})`}`, { hint });
}
