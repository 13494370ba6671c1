import { readFileSync } from 'node:fs';
import { startupSnapshot } from 'node:v8';
import compiler from 'typescript';
import { stampOf } from '../../typecheck/cache.js';
import { useCompiler } from '../../typecheck/compiler.js';
import { checkFile, ownModulesOf } from '../../typecheck/programFiles.js';
import { createProject, templateModule, type SourceCache } from '../../typecheck/project.js';
import { answerTo } from './answer.js';
import { templateFinder } from './templates.js';
import type { TypesRequest } from './types.js';

/** What is checked now, so that all that it needs is there later. Stands before this program's text. */
declare const warmRequest: TypesRequest;

/**
 * The compiler as a snapshot of Node's: run once, it checks a request, and all that it has then - its own code, the parsed
 * declarations of the libraries - is what a later process starts with. That one is given its request on its standard input.
 */
useCompiler(compiler);
/** Of declarations only: of all other files the text is compared. */
const stamps = new Map<string, string>();
const parsed = warmUp();

startupSnapshot.setDeserializeMainFunction(() => {
  const request = JSON.parse(readFileSync(0, 'utf8')) as TypesRequest;
  const sources: SourceCache = new Map(
    [...parsed].filter(([file, { isDeclarationFile }]) => !isDeclarationFile || stampOf(file) === stamps.get(file)),
  );
  process.stdout.write(JSON.stringify(answerTo(request, sources)));
});

function warmUp(): SourceCache {
  const sources: SourceCache = new Map();
  const { modules, templates, playbooks } = warmRequest;
  const project = createProject(compiler, { modules, templates, sources });
  const findTemplate = templateFinder(playbooks);
  for (const name of [...ownModulesOf(project), ...templates.map(templateModule)])
    checkFile(compiler, project, name, { findTemplate });
  for (const [file, { isDeclarationFile }] of sources) if (isDeclarationFile) stamps.set(file, stampOf(file));
  return sources;
}
