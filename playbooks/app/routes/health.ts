import type { AppConfig } from '../config/config.js';
import type { Handler } from '../http/dispatch.js';
import { json } from '../http/reply.js';
import type { Lifecycle } from '../lifecycle.js';

/**
 * Whether this server should get requests: 200, or 503 while it drains. It never looks at the databases: one that is down would
 * take every web server out, with the pages that need none.
 */
export function health(config: AppConfig, lifecycle: Lifecycle): Handler {
  return () => {
    const ok = !lifecycle.draining();
    return json(ok ? 200 : 503, { ok, by: config.host, release: config.release });
  };
}
