import type { PackageState } from '../../../facts/packages.js';
import type { Prediction } from '../../../model/fact.js';
import type { Topic } from '../../../model/topic.js';
import { ANY_FOLDER, FOLDERS_STAY } from '../folders.js';
import { aptTopics, namedTopics } from '../packageTopics.js';
import { broughtTopics } from './broughtTopics.js';
import { CATALOGUE } from './catalogue.js';
import type { PackageContents } from './contents.js';
import { predictBrought } from './predictBrought.js';

/** An installation or upgrade of packages in one transaction. */
export interface Installation {
  /** The task's id. */
  readonly task: string;
  readonly packages: readonly { readonly name: string; readonly now: Pick<PackageState, 'status'> }[];
  /** What the packages bring, where the task says it. */
  readonly brings?: PackageContents | undefined;
  /** Whether what they recommend is installed too: nobody knows what that brings. */
  readonly recommends: boolean;
  readonly services: 'stopped' | 'started';
}

/**
 * What an installation changes beside the packages, and what of it can be said before. Packages with known contents
 * change those; with one that nobody has measured or described, all that its name suggests may change.
 */
export function installationEffects(o: Installation): { touches: readonly Topic[]; predicts: readonly Prediction[] } {
  const names = o.packages.map(({ name }) => name);
  const apt = aptTopics(names, false);
  const measured = o.packages.map(({ name, now }) => ({ now, contents: CATALOGUE.get(name.replace(/:.*/, '')) }));
  const open = o.brings === undefined && (o.recommends || measured.some(({ contents }) => contents === undefined));
  const known = [
    ...(o.brings === undefined ? [] : o.packages.map(({ now }) => ({ now, contents: o.brings }))),
    ...measured,
  ].flatMap(({ now, contents }) => (contents === undefined ? [] : [{ now, contents }]));
  const upgraded = known.some(({ now }) => now.status === 'installed' || now.status === 'broken');
  const brought = broughtTopics(
    known.map(({ contents }) => contents),
    upgraded || o.services === 'started',
  );
  const touches: readonly Topic[] = [...apt, ...brought, ANY_FOLDER, ...(open ? namedTopics(names) : [])];
  if (open) return { touches, predicts: [FOLDERS_STAY] };
  // Nothing is said of an upgrade, and less of what comes back: where two packages bring the same, that counts first.
  const again = known.filter(({ now }) => now.status === 'config-files');
  const fresh = known.filter(({ now }) => now.status === 'absent');
  const predict = (some: typeof known, back: boolean) =>
    some.flatMap(({ contents }) => predictBrought(contents, { task: o.task, services: o.services, again: back }));
  return { touches, predicts: [...(upgraded ? [] : [...predict(again, true), ...predict(fresh, false)]), FOLDERS_STAY] };
}
