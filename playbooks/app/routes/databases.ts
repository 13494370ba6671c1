import type { AppConfig } from '../config/config.js';
import type { Cluster } from '../db/cluster.js';
import type { Handler } from '../http/dispatch.js';
import { json } from '../http/reply.js';

/** What this server last saw of each database, and who writes and reads. Always 200: it reports, it does not judge. */
export function databases(config: AppConfig, cluster: Cluster): Handler {
  return () => {
    const { writer, writable, readers } = cluster.roles();
    return json(200, {
      by: config.host,
      release: config.release,
      writer: writer ?? null,
      writable,
      readers,
      databases: Object.fromEntries(cluster.states()),
    });
  };
}
