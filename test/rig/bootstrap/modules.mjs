import { existsSync, readFileSync } from 'node:fs';
import { must, say } from './step.mjs';

/** Installs what package-lock.json names, unless exactly that is there. */
export function installModules() {
  const reason = whyInstall();
  if (reason === undefined) return;
  say(`${reason}: npm ci`);
  const quiet = ['--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  try {
    must(['npm', 'ci', ...quiet]);
  } catch (error) {
    // It refuses a lock file that lacks packages for other platforms, which a mirror of the registry may not have.
    say(`${error.message}; trying npm install`);
    must(['npm', 'install', '--no-save', ...quiet]);
  }
}

/** Compares the lock file with npm's own record of what it installed; times of files say nothing in a fresh clone. */
function whyInstall() {
  const record = 'node_modules/.package-lock.json';
  if (!existsSync(record)) return 'node_modules is not there';
  const wanted = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;
  const present = JSON.parse(readFileSync(record, 'utf8')).packages;
  for (const [path, { version, optional, link }] of Object.entries(wanted)) {
    if (path === '' || link === true || (optional === true && present[path] === undefined)) continue;
    if (present[path]?.version !== version)
      return `node_modules does not fit package-lock.json (${path.replace('node_modules/', '')} ${version})`;
  }
  return undefined;
}
