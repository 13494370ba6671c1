import ts from 'typescript';
import { docstringOf, placeOf, type Source } from '../../src/docstrings/source.js';

/** A property of an interface. */
export interface Member {
  readonly name: string;
  readonly doc: string;
  readonly place: string;
}

/** The properties of an interface, in its order. Throws where the file has no such interface. */
export function membersOf(source: Source, name: string): readonly Member[] {
  const found = source.node.statements.filter(ts.isInterfaceDeclaration).find((one) => one.name.text === name);
  if (found === undefined) throw new Error(`${source.path} has no interface ${name}`);
  return found.members.map((member) => ({
    name: member.name?.getText() ?? '',
    doc: docstringOf(member).text,
    place: placeOf(source, member),
  }));
}
