import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { ConfigError, readConfig, type AppConfig } from './config/config.js';
import { openCluster, type Cluster } from './db/cluster.js';
import { codeOf } from './db/errors.js';
import type { Routes } from './http/dispatch.js';
import { createListener } from './http/listener.js';
import { lifecycle, type Lifecycle } from './lifecycle.js';
import { info, warn } from './log.js';
import { noteStore } from './notes/store.js';
import { databases } from './routes/databases.js';
import { health } from './routes/health.js';
import { home } from './routes/home.js';
import { addNote, listNotes } from './routes/notes.js';

/** The exit code for a wrong configuration (sysexits' EX_CONFIG): starting again does not help. */
const EXIT_CONFIG = 78;

function routesOf(config: AppConfig, cluster: Cluster, life: Lifecycle): Routes {
  const store = noteStore(cluster, config.host);
  return new Map([
    ['/', { GET: home(config, store) }],
    ['/notes', { GET: listNotes(config, store), POST: addNote(config, store) }],
    ['/healthz', { GET: health(config, life) }],
    ['/dbz', { GET: databases(config, cluster) }],
  ]);
}

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const life = lifecycle(config.drainSeconds, config.finishSeconds);
  const cluster = openCluster(config.db);
  const server = createListener(config, routesOf(config, cluster, life), life);
  // Listened for from here on, so that a signal during the start drains too. A second one ends the process at once.
  const signal = Promise.race(['SIGTERM', 'SIGINT'].map((name) => once(process, name).then(() => name)));

  server.listen(config.port, config.listen);
  await once(server, 'listening');
  const { address, port } = server.address() as AddressInfo;
  info(`release ${config.release} listens on ${address}:${port}`);

  await life.end(server, await signal);
  await cluster.close();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    if (error instanceof ConfigError) {
      for (const problem of error.problems) warn(`configuration: ${problem}`);
      process.exit(EXIT_CONFIG);
    }
    warn(`the application ended (${codeOf(error)}): ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  },
);
