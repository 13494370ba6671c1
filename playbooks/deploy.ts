import { RELEASES_SAMPLES, releases } from 'provision/facts/releases';
import { playbook } from 'provision/playbook';
import { bringBack, deploy } from './roles/deploy.js';
import { variables } from './site.js';

/**
 * A new release of the application, one web server after the other, while the site is served: `provision playbooks/deploy.ts -i prod.yml`.
 * It stops at the first server that does not come through, which then runs its old release again.
 */
export default playbook({
  vars: variables,
  groups: ['lb', 'web', 'db'],
  optionalGroups: ['mon'],
  gather: { releases: { read: releases, samples: RELEASES_SAMPLES } },
  plays: [{ name: 'Deploy', hosts: 'web', serial: 1, maxFailures: 0, tasks: deploy, rescue: bringBack }],
});
