import type { Change, Content, Step, TreeEntry } from '../../model/change.js';
import type { SavedChange } from '../../model/savedPlan.js';
import { mask } from '../../util/secret.js';

/** A change as a file may hold it: secrets are masked, and files of the controller count by their hash, not by their place. */
export function savedChange({ summary, diff, parts, steps }: Change): SavedChange {
  return {
    summary,
    ...(diff === undefined ? {} : { diff }),
    ...(parts === undefined ? {} : { parts: parts.map((part) => ({ summary: part.summary, diff: part.diff })) }),
    steps: steps.map(savedStep),
  };
}

function savedStep(step: Step): Readonly<Record<string, unknown>> {
  switch (step.kind) {
    case 'shell':
      return { ...step, script: mask(step.script) };
    case 'put':
      return { ...step, content: savedContent(step.content) };
    case 'unpack':
      return { ...step, entries: step.entries.map(savedEntry) };
    case 'relay':
      return { ...step, script: mask(step.script), from: { host: step.from.host, script: mask(step.from.script) } };
    case 'reboot':
      return { ...step };
    case 'validated':
    case 'guarded':
      return { ...step, steps: step.steps.map(savedStep) };
  }
}

function savedContent(content: Content): object {
  return 'text' in content ? { text: mask(content.text) } : { sha256: content.sha256, size: content.size };
}

function savedEntry({ path, type, mode, size, target }: TreeEntry): object {
  return { path, type, mode, size, target };
}
