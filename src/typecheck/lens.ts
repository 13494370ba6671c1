import type { Node, SourceFile } from 'typescript-native/unstable/ast';
import { SymbolFlags, type Checker, type Program, type Project, type Symbol, type Type } from 'typescript-native/unstable/sync';
import type { Overlay } from './sourceTexts.js';

/** What the compiler knows of a program. Each question to it is a message to its process: answers that are asked for again are kept. */
export interface Lens {
  readonly program: Program;
  readonly checker: Checker;
  readonly overlay: Overlay;
  /** The names of everything that no module declares. */
  readonly globals: () => readonly Symbol[];
  /** The properties of types that were asked for, by the types' numbers. */
  readonly properties: Map<number, readonly string[]>;
}

export function lensOf({ program, checker }: Project, overlay: Overlay): Lens {
  let globals: readonly Symbol[] | undefined;
  const globalsOf = (): readonly Symbol[] => {
    const all = checker.resolveName('globalThis', SymbolFlags.Namespace);
    return all === undefined ? [] : [all, ...checker.getExportsOfModule(all)];
  };
  return { program, checker, overlay, globals: () => (globals ??= globalsOf()), properties: new Map() };
}

/** The innermost node that begins at a place of a file. */
export function nodeAt(source: SourceFile, start: number): Node {
  let found: Node = source;
  const visit = (node: Node): void => {
    if (start < node.pos || start >= node.end || start < node.getStart(source)) return;
    found = node;
    node.forEachChild(visit);
  };
  source.forEachChild(visit);
  return found;
}

/** The types that a union is made of; another type alone. */
export function formsOf(type: Type): readonly Type[] {
  return type.isUnionType() ? type.getTypes() : [type];
}

/** The texts that a type is made of. */
export function textsOf(type: Type | undefined): readonly string[] {
  return type === undefined ? [] : formsOf(type).flatMap((one) => (one.isStringLiteralType() ? [one.value] : []));
}

/** Every property that a value of a type may have; for a union, those of all its forms. */
export function propertyNames({ checker, properties }: Lens, type: Type | undefined): readonly string[] {
  if (type === undefined) return [];
  const namesOf = (form: Type): readonly string[] => {
    const names =
      properties.get(form.id) ??
      checker
        .getPropertiesOfType(checker.getApparentType(form) ?? form)
        .map(({ name }) => name)
        .filter((name) => !name.startsWith('__'));
    properties.set(form.id, names);
    return names;
  };
  return [...new Set(formsOf(type).flatMap(namesOf))];
}
