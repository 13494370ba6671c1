import { haproxyCertificateServed } from '../../facts/haproxyCertificate.js';
import type { UnitAnswers } from '../shared/answers.js';

/**
 * What a running HAProxy will answer after a start or reload, for the option `answers` of its `service`: so a dry run
 * knows that it has loaded its certificates as they stand in their files.
 */
export function haproxyAnswers(): UnitAnswers {
  const loaded = [haproxyCertificateServed.every().predict({ state: 'as the files' })];
  return { firstStart: loaded, start: loaded, restart: loaded, reload: loaded };
}
