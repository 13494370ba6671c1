import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { prepareEnvironment } from '../../engine/environment.js';
import { InputError } from '../../model/errors.js';

/** The templates of the projects that these playbooks belong to: all in `templates/` beside them, or beside their folder. */
export function templatesOf(playbooks: readonly string[]): readonly string[] {
  const homes = playbooks.map((file) => dirname(resolve(file)));
  const folders = new Set(homes.flatMap((home) => [join(home, 'templates'), join(home, '..', 'templates')]));
  return [...folders].flatMap(filesBelow('.ejs'));
}

/** The roles beside these playbooks: those that no playbook uses yet are checked too. */
export function rolesOf(playbooks: readonly string[]): readonly string[] {
  const folders = new Set(playbooks.map((file) => join(dirname(resolve(file)), 'roles')));
  return [...folders].flatMap(filesBelow('.ts')).filter((file) => !file.endsWith('.d.ts'));
}

/** Finds the template that a task means, as a run does. */
export function templateFinder(playbooks: readonly string[]): (src: string) => string | undefined {
  const environments = playbooks.map((file) => prepareEnvironment(file));
  return (src) => {
    for (const environment of environments) {
      try {
        return environment.resolve(src, 'templates');
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
      }
    }
    return undefined;
  };
}

function filesBelow(ending: string): (folder: string) => readonly string[] {
  return (folder) =>
    existsSync(folder)
      ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
          .filter((name) => name.endsWith(ending))
          .sort()
          .map((name) => join(folder, name))
      : [];
}
