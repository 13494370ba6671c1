import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic, Project } from 'typescript-native/unstable/sync';
import { packageRoot } from '../util/packageRoot.js';
import { wrongCalls, type WrongCall } from './judgeCalls.js';
import { ownModules } from './modules.js';
import { nativeSession, type NativeSession } from './nativeSession.js';
import { templateModule, templatePath, textBehind, type Overlay } from './sourceTexts.js';
import { STRICT } from './strict.js';

export interface Judged {
  /** Absolute paths of playbooks and roles; the modules that they import are judged with them. */
  readonly modules: readonly string[];
  /** Absolute paths of templates that EJS can read. */
  readonly templates: readonly string[];
  readonly overlay: Overlay;
  /** The template that a task's `src` means for a playbook, or undefined. */
  readonly findTemplate: (src: string) => string | undefined;
}

/** A fault in the native compiler's own words. */
export interface NativeFault {
  /** Its name for the file; undefined for what is wrong with none in particular. */
  readonly file: string | undefined;
  /** Characters in front of it. */
  readonly start: number;
  readonly text: string;
}

export interface Verdict {
  /** All files of the program that are no library's, by its names for them. */
  readonly files: readonly string[];
  readonly faults: readonly NativeFault[];
  /** Variables given to a template that are not of its type, in modules without another fault. */
  readonly calls: readonly WrongCall[];
}

/** What the compiler is told in the place of a tsconfig.json. There is no such file. */
const CONFIG = join(packageRoot(), '$validate.tsconfig.json');

/**
 * What is wrong with playbooks, what they import, and templates: TypeScript's native compiler says so in half a second, in a
 * process of its own, which ends before this returns. Why it is wrong, in words that help, is for `explain`.
 *
 * @throws InputError where the compiler has no program for this platform.
 */
export function judge(judged: Judged): Verdict {
  const { compiler, end } = start(judged);
  try {
    const project = compiler.updateSnapshot({ openProjects: [CONFIG] }).getProject(CONFIG);
    if (project === undefined) throw new Error('the native compiler opened no project');
    return verdictOf(project, judged);
  } finally {
    end();
  }
}

function start({ modules, templates, overlay }: Judged): NativeSession {
  const files = [...modules, ...templates.map(templateModule)];
  const config = JSON.stringify({ compilerOptions: compilerOptions(), files });
  const exists = (file: string): boolean => existsSync(file) || overlay.read(file) !== undefined;
  return nativeSession({
    // Undefined: as the disk has it.
    readFile: (file) => (file === CONFIG ? config : textBehind(file, overlay)),
    fileExists: (file) => file === CONFIG || exists(templatePath(file) ?? file) || undefined,
  });
}

function compilerOptions(): object {
  const { provision, zod, nodeTypes } = ownModules();
  return {
    ...STRICT,
    target: 'ES2023',
    lib: ['ES2023'],
    module: 'ESNext',
    moduleResolution: 'Bundler',
    types: ['node'],
    typeRoots: [nodeTypes],
    paths: {
      ...Object.fromEntries([...provision].map(([name, file]) => [name, [file]])),
      zod: [zod],
      'zod/*': [`${zod}/*`],
    },
  };
}

function verdictOf(project: Project, judged: Judged): Verdict {
  const { program } = project;
  const found = [
    ...program.getConfigFileParsingDiagnostics(),
    ...program.getProgramDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...program.getSyntacticDiagnostics(),
    ...program.getSemanticDiagnostics(),
  ];
  const faults = found.map((one) => ({ file: one.fileName, start: one.pos, text: wordsOf(one) }));
  const files = program.getSourceFileNames().filter((name) => !/\.d\.[cm]?ts$|\/node_modules\//.test(name));
  const wrong = new Set(faults.map(({ file }) => file));
  const modules = files.filter((name) => templatePath(name) === undefined && !wrong.has(name));
  return { files, faults, calls: wrongCalls(project, modules, judged) };
}

/** A diagnostic with what explains it. */
function wordsOf({ text, messageChain = [] }: Diagnostic): string {
  return [text, ...messageChain.map(wordsOf)].join('\n');
}
