import { RELEASES_SAMPLES, releases } from 'provision/facts/releases';
import { playbook } from 'provision/playbook';
import { bringBack, rollback } from './roles/deploy.js';
import { variables } from './site.js';

/**
 * Back to the release that ran before (or `-e app_rollback_to=ID`), one web server after the other, while the site is served:
 * `provision playbooks/rollback.ts -i prod.yml`.
 */
export default playbook({
  vars: variables,
  groups: ['lb', 'web', 'db'],
  optionalGroups: ['mon'],
  gather: { releases: { read: releases, samples: RELEASES_SAMPLES } },
  plays: [{ name: 'Roll back', hosts: 'web', serial: 1, maxFailures: 0, tasks: rollback, rescue: bringBack }],
});
