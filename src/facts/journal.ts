import { z } from 'zod';
import { defineFact } from '../model/fact.js';
import { JOURNAL_FORMAT, type Journal } from '../model/journal.js';
import type { Topic } from '../model/topic.js';
import { quote } from '../util/shell.js';

/** Where hosts keep their journals: root's only, as it tells what stands where. */
export const JOURNAL_DIRECTORY = '/var/lib/provision/journal';

/** The files of a playbook's journal. `created` grows while a run goes, so that a run that dies leaves a trace of what it made. */
export function journalFiles(playbook: string): { readonly journal: string; readonly created: string } {
  return { journal: `${JOURNAL_DIRECTORY}/${playbook}.json`, created: `${JOURNAL_DIRECTORY}/${playbook}.created` };
}

/** A host's journal of a playbook, and what runs made since it was written. */
export interface JournalState {
  /** Undefined where there is none. */
  readonly journal: Journal | undefined;
  readonly created: readonly { readonly task: string; readonly topic: Topic }[];
}

const topic = z.custom<Topic>((value) => typeof value === 'string' && value.includes(':'));

const journalSchema = z.object({
  format: z.literal(JOURNAL_FORMAT),
  written: z.string(),
  tasks: z.record(
    z.string(),
    z.object({
      kind: z.string(),
      code: z.string(),
      reads: z.record(z.string(), z.string()),
      creates: z.array(topic),
    }),
  ),
});

/** The journal of a playbook on a host, by the playbook's name. */
export const journal = defineFact<string, JournalState>({
  name: 'journal',
  key: (playbook) => playbook,
  topics: (playbook) => [`journal:${playbook}`],
  command: (playbook) => {
    const files = journalFiles(playbook);
    return [files.created, files.journal].map((file) => `cat -- ${quote(file)} 2>/dev/null; echo =`).join('\n');
  },
  parse: ({ stdout }) => {
    const [created = '', text = ''] = stdout.split(/^=\n/m);
    return { journal: parseJournal(text), created: created.split('\n').flatMap(createdLine) };
  },
});

/** A short name for what stands in a journal: empty where there is none, or where a run has not ended it. */
export const journalMark = defineFact<string, string>({
  name: 'journalMark',
  key: (playbook) => playbook,
  topics: (playbook) => [`journal:${playbook}`],
  command: (playbook) => {
    const files = journalFiles(playbook);
    return `[ -s ${quote(files.created)} ] || sed -n 's/^ "mark": "\\([0-9a-f]*\\)",$/\\1/p;2q' ${quote(files.journal)} 2>/dev/null`;
  },
  parse: ({ stdout }) => stdout.trim(),
});

function parseJournal(text: string): Journal | undefined {
  if (text.trim() === '') return undefined;
  try {
    const parsed = journalSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** `path:/etc/app<TAB>directory /etc/app` */
function createdLine(line: string): JournalState['created'] {
  const tab = line.indexOf('\t');
  const parsed = topic.safeParse(line.slice(0, tab));
  return tab < 0 || !parsed.success ? [] : [{ topic: parsed.data, task: line.slice(tab + 1) }];
}
