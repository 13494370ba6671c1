import type { Workload } from '../workload.js';
import { firstCopy, secondCopy } from './files.js';
import { ping100, ping3 } from './ping.js';
import { site, siteUncached } from './site.js';
import { wide100, wide500 } from './smallTasks.js';
import { dryRun, firstRun, secondRun } from './thirtyTasks.js';

/** All rows, as the page has them. */
export const workloads: readonly Workload[] = [
  secondRun,
  firstRun,
  wide100,
  wide500,
  ping3,
  ping100,
  firstCopy,
  secondCopy,
  dryRun,
  site,
  siteUncached,
];
