import { quote } from '../../util/shell.js';

/** sh that makes a symbolic link under another name and renames it into place: there is no moment without a link. */
export function linkScript(path: string, target: string): string {
  const temporary = quote(`${path}.provision-new`);
  return `ln -sfn -- ${quote(target)} ${temporary}\nmv -fT -- ${temporary} ${quote(path)}`;
}
