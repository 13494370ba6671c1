import { readFileSync } from 'node:fs';

/** Refuses a Node that is older than package.json asks for. */
export function checkNode() {
  const wanted = JSON.parse(readFileSync('package.json', 'utf8')).engines.node.replace('>=', '');
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [leastMajor, leastMinor] = wanted.split('.').map(Number);
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return;
  throw new Error(`this is Node ${process.versions.node} (${process.execPath}); Node ${wanted} or later is needed`);
}
