import type { Picture } from './picture.js';

/** A picture as Mermaid reads it: what GitHub and GitLab draw in a page of Markdown. */
export function toMermaid({ hosts, people, arrows }: Picture): string {
  const red = hosts.flatMap(({ services }) => services.filter(({ isSinglePoint }) => isSinglePoint)).map(({ id }) => id);
  return [
    'flowchart LR',
    ...people.map(({ id, label }) => `  ${id}([${text([label])}])`),
    ...hosts.flatMap(({ id, name, services }) => [
      `  subgraph ${id}[${text([name])}]`,
      ...services.map((one) => `    ${one.id}${one.stateful ? `[(${text(one.lines)})]` : `[${text(one.lines)}]`}`),
      '  end',
    ]),
    ...arrows.map(({ from, to, isPlainText, isReplication }) => {
      const line = isPlainText ? '-.->' : '-->';
      return `  ${from} ${line}${isReplication ? '|replication|' : ''} ${to}`;
    }),
    ...(red.length === 0
      ? []
      : ['  classDef alone stroke:#c62828,stroke-width:2px,color:#c62828,fill:#fdecea', `  class ${red.join(',')} alone`]),
    '',
  ].join('\n');
}

function text(lines: readonly string[]): string {
  return `"${lines.map((line) => line.replaceAll('"', '#quot;').replaceAll('<', '#lt;')).join('<br>')}"`;
}
