import type { Arrow, HostBox, Picture, ServiceBox } from './picture.js';

const FONT = 'fontname="Helvetica,Arial,sans-serif"';
const RED = '#c62828';

/** A picture as Graphviz reads it. It stands on a ground of its own, so that it reads on a light page and on a dark one. */
export function toDot({ hosts, people, arrows }: Picture): string {
  return [
    'digraph site {',
    `  graph [rankdir=LR, bgcolor="#ffffff", pad=0.25, nodesep=0.4, ranksep=0.9, ${FONT}, fontsize=11, label=${text(legend(hosts, arrows))}, labelloc=b]`,
    `  node [shape=box, style="rounded,filled", ${FONT}, fontsize=12, height=0.5, margin="0.2,0.08", color="#5b6b7f", fillcolor="#ffffff", fontcolor="#16202c"]`,
    `  edge [${FONT}, fontsize=10, color="#5b6b7f", fontcolor="#3d4a5a", arrowsize=0.7]`,
    ...people.map(({ id, label }) => `  ${id} [label=${text(label)}, shape=plaintext, style=""]`),
    ...hosts.flatMap(clusterOf),
    ...arrows.map(arrowOf),
    '}\n',
  ].join('\n');
}

function clusterOf({ id, name, services }: HostBox): readonly string[] {
  return [
    `  subgraph cluster_${id} {`,
    `    label=${text(name)}; labelloc=t; fontsize=14; style="rounded,filled"; color="#c3cddb"; fillcolor="#eef3fb"`,
    // A host without services is there all the same.
    ...(services.length === 0 ? [`    ${id}_empty [label="", shape=point, style=invis]`] : services.map(serviceOf)),
    '  }',
  ];
}

function serviceOf({ id, lines, stateful, isSinglePoint }: ServiceBox): string {
  const look = [
    `label=${text(lines.join('\n'))}`,
    ...(stateful ? ['shape=cylinder'] : []),
    ...(isSinglePoint ? [`color="${RED}"`, 'penwidth=2', 'fillcolor="#fdecea"', `fontcolor="${RED}"`] : []),
  ];
  return `    ${id} [${look.join(', ')}]`;
}

function arrowOf({ from, to, isPlainText, isReplication }: Arrow): string {
  const look = [...(isPlainText ? ['style=dashed'] : []), ...(isReplication ? ['label="replication"', 'constraint=false'] : [])];
  return `  ${from} -> ${to}${look.length === 0 ? '' : ` [${look.join(', ')}]`}`;
}

function legend(hosts: readonly HostBox[], arrows: readonly Arrow[]): string {
  const lines = [
    ...(hosts.some(({ services }) => services.some(({ isSinglePoint }) => isSinglePoint))
      ? ['red: nothing stands in for it']
      : []),
    ...(arrows.some(({ isPlainText }) => isPlainText) ? ['dashed: not encrypted'] : []),
  ];
  return lines.join('\n');
}

function text(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
