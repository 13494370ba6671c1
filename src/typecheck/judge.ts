import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Project } from 'typescript-native/unstable/sync';
import type { InputError } from '../model/errors.js';
import { packageRoot } from '../util/packageRoot.js';
import { explain, type Findings } from './explain.js';
import { wrongCalls } from './judgeCalls.js';
import { lensOf } from './lens.js';
import { ownModules } from './modules.js';
import { nativeSession, type NativeSession } from './nativeSession.js';
import { templateModule, templatePath, textBehind, type Overlay } from './sourceTexts.js';

export interface Judged {
  /** Absolute paths of playbooks and roles; the modules that they import are judged with them. */
  readonly modules: readonly string[];
  /** Absolute paths of templates that EJS can read. */
  readonly templates: readonly string[];
  readonly overlay: Overlay;
  /** The template that a task's `src` means for a playbook, or undefined. */
  readonly findTemplate: (src: string) => string | undefined;
}

export interface Verdict {
  /** All files of the program that are no library's, by the compiler's names for them. */
  readonly files: readonly string[];
  readonly faults: readonly InputError[];
}

/** Strict, whatever the project's own tsconfig.json says: one answer everywhere. As a tsconfig.json says it. */
const STRICT = {
  allowImportingTsExtensions: true,
  resolveJsonModule: true,
  allowJs: true,
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noImplicitOverride: true,
  noFallthroughCasesInSwitch: true,
  isolatedModules: true,
  skipLibCheck: true,
  noEmit: true,
};

/** What the compiler is told in the place of a tsconfig.json. There is no such file. */
const CONFIG = join(packageRoot(), '$validate.tsconfig.json');

/**
 * What is wrong with playbooks, what they import, and templates, in words that help. TypeScript's native compiler finds it in
 * half a second, in a process of its own, which ends before this returns.
 *
 * @throws InputError where the compiler has no program for this platform.
 */
export function judge(judged: Judged): Verdict {
  const { compiler, end } = start(judged);
  try {
    const project = compiler.updateSnapshot({ openProjects: [CONFIG] }).getProject(CONFIG);
    if (project === undefined) throw new Error('the native compiler opened no project');
    const files = project.program.getSourceFileNames().filter((name) => !/\.d\.[cm]?ts$|\/node_modules\//.test(name));
    // A parsed file is large, and there may be many with a fault.
    const forget = (): void => {
      compiler.clearSourceFileCache();
    };
    return { files, faults: explain(lensOf(project, judged.overlay), files, findingsOf(project, files, judged), forget) };
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

function findingsOf(project: Project, files: readonly string[], judged: Judged): Findings {
  const { program } = project;
  const whole = [
    ...program.getConfigFileParsingDiagnostics(),
    ...program.getProgramDiagnostics(),
    ...program.getGlobalDiagnostics(),
  ];
  const syntactic = program.getSyntacticDiagnostics();
  const semantic = program.getSemanticDiagnostics();
  const wrong = new Set([...whole, ...syntactic, ...semantic].map(({ fileName }) => fileName));
  const modules = files.filter((name) => templatePath(name) === undefined && !wrong.has(name));
  return { whole, syntactic, semantic, calls: wrongCalls(project, modules, judged) };
}
