import { readFile } from 'node:fs/promises';
import { must } from './run.js';

/** How this machine's own apt reaches its mirror: rigs go the same way, and nothing of it stands in the repository. */
export interface MachineApt {
  /** The Debian archive in use here; undefined where this is no Debian, and mmdebstrap's own default is taken. */
  readonly mirror?: string | undefined;
  /** The same for security updates. */
  readonly securityMirror?: string | undefined;
  /** The proxy that http requests go through. */
  readonly proxy?: string | undefined;
}

/** Reads this machine's sources and apt configuration. */
export async function machineApt(): Promise<MachineApt> {
  const osRelease = await readFile('/etc/os-release', 'utf8');
  const codename = /^VERSION_CODENAME=(.*)$/m.exec(osRelease)?.[1];
  const sources = /^ID=debian$/m.test(osRelease) && codename !== undefined ? await debianSources(codename) : {};
  return { ...sources, proxy: await httpProxy() };
}

async function debianSources(codename: string): Promise<Pick<MachineApt, 'mirror' | 'securityMirror'>> {
  const table = await must([
    'apt-get',
    'indextargets',
    '--format',
    '$(REPO_URI) $(RELEASE) $(COMPONENT)',
    'Created-By: Packages',
  ]);
  const rows = table.split('\n').map((line) => line.split(' '));
  const uriOf = async (release: string) => await plainUri(rows.find((row) => row[1] === release && row[2] === 'main')?.[0]);
  return { mirror: await uriOf(codename), securityMirror: await uriOf(`${codename}-security`) };
}

/** Cloud images name a file that lists mirrors; its first line serves. */
async function plainUri(uri: string | undefined): Promise<string | undefined> {
  if (uri === undefined) return undefined;
  if (/^https?:/.test(uri)) return uri;
  const list = /^mirror\+file:(?:\/\/)?(\/.*?)\/?$/.exec(uri)?.[1];
  if (list === undefined) return undefined;
  const first = /^https?:\S+/m.exec(await readFile(list, 'utf8'));
  return first?.[0];
}

async function httpProxy(): Promise<string | undefined> {
  const config = await must(['apt-config', 'dump', '--no-empty', '--format', '%f %v%n', 'Acquire::http::Proxy']);
  const configured = /^Acquire::http::Proxy (.+)$/im.exec(config)?.[1];
  const proxy = configured ?? process.env['http_proxy'] ?? process.env['HTTP_PROXY'];
  return proxy === undefined || proxy === '' || proxy === 'DIRECT' ? undefined : proxy;
}
