import { SymbolFlags, type Type } from 'typescript-native/unstable/sync';
import { InputError } from '../model/errors.js';
import { placeOf } from './faults.js';
import type { WrongCall } from './judgeCalls.js';
import type { Lens } from './lens.js';

/** What is wrong with the variables that a module gives a template: which of them, and how. */
export function callFault(lens: Lens, { file, start, given, wanted }: WrongCall): InputError {
  const { program, checker } = lens;
  const source = program.getSourceFile(file);
  const type = checker.typeToString(wanted);
  const wrong = wrongParts(lens, given, wanted).slice(0, 5).join(', ');
  return new InputError(`the variables given to this template are no ${type}: ${wrong || checker.typeToString(given)}`, {
    where: source === undefined ? { file } : placeOf(lens, source, start),
    hint: `make them with their type first: const given: ${type} = { … }, then vars: { ...given }`,
  });
}

function wrongParts({ checker }: Lens, given: Type, wanted: Type): readonly string[] {
  return checker.getPropertiesOfType(wanted).flatMap((part) => {
    const has = checker.getPropertyOfType(given, part.name);
    if (has === undefined) return (part.flags & SymbolFlags.Optional) === 0 ? [`"${part.name}" is missing`] : [];
    const [type, other] = [checker.getTypeOfSymbol(has), checker.getTypeOfSymbol(part)];
    if (type === undefined || other === undefined || checker.isTypeAssignableTo(type, other)) return [];
    return [`"${part.name}" is ${checker.typeToString(type)} instead of ${checker.typeToString(other)}`];
  });
}
