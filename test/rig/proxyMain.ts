import { aptCacheDir } from './paths.js';
import { startProxy } from './proxy.js';
import type { Upstream } from './proxyUpstream.js';

// The proxy of one rig as a process of its own: node proxyMain.js ADDRESS PORT UPSTREAM-AS-JSON
const [address = '', port = '', upstream = ''] = process.argv.slice(2);
await startProxy({ folder: aptCacheDir, address, port: Number(port), upstream: JSON.parse(upstream) as Upstream });
console.log(`listening on ${address}:${port}`);
