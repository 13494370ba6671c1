import ts from 'typescript';
import { ownModules } from '../../../src/typecheck/modules.js';

/** These modules as a program that can be asked what their words mean. */
export function shippedProgram(modules: readonly string[]): ts.Program {
  const { provision, zod, nodeTypes } = ownModules();
  return ts.createProgram({
    rootNames: modules,
    options: {
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noEmit: true,
      target: ts.ScriptTarget.ES2023,
      lib: ['lib.es2023.d.ts'],
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      types: ['node'],
      typeRoots: [nodeTypes],
      paths: { ...Object.fromEntries([...provision].map(([name, file]) => [name, [file]])), zod: [zod], 'zod/*': [`${zod}/*`] },
    },
  });
}
