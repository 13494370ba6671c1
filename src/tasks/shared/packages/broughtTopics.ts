import type { Topic } from '../../../model/topic.js';
import { placeOf, type PackageContents } from './contents.js';

/**
 * What an installation or upgrade of packages with these contents changes, beside the packages themselves.
 * @param restarts whether it may (re)start services, as an upgrade does
 */
export function broughtTopics(contents: readonly PackageContents[], restarts: boolean): readonly Topic[] {
  const all = contents.flatMap((one) => [...topicsOf(one, restarts)]);
  return [...new Set(all)];
}

function topicsOf(contents: PackageContents, restarts: boolean): readonly Topic[] {
  const { units = {}, users = {}, groups = [], directories = [], files = [], links = {}, touches = [] } = contents;
  return [
    ...Object.keys(units).flatMap((name): readonly Topic[] => [`unit:${name}`, ...(restarts ? [`loaded:${name}` as const] : [])]),
    ...Object.keys(users).map((name): Topic => `user:${name}`),
    ...groups.map((name): Topic => `group:${name}`),
    ...[...directories, ...files].map((words): Topic => `path:${placeOf(words, '').path}`),
    ...Object.keys(links).map((path): Topic => `path:${path}`),
    ...touches,
  ];
}
