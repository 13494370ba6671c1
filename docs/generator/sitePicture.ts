import { instance } from '@viz-js/viz';
import type { Page } from './markdown.js';

/**
 * What playbooks/site.ts builds: hosts as boxes, programs in them, arrows from who asks to who is asked. It stands on a
 * ground of its own, so that it reads on a light page and on a dark one.
 */
const SITE = `digraph site {
  graph [rankdir=LR, bgcolor="#ffffff", pad=0.25, nodesep=0.5, ranksep=0.8, fontname="Helvetica,Arial,sans-serif", fontsize=14, compound=true]
  node [shape=box, style="rounded,filled", fontname="Helvetica,Arial,sans-serif", fontsize=12, height=0.5, margin="0.24,0.08", color="#5b6b7f", fillcolor="#ffffff", fontcolor="#16202c"]
  edge [fontname="Helvetica,Arial,sans-serif", fontsize=10, color="#5b6b7f", fontcolor="#3d4a5a", arrowsize=0.7]

  browser [label="www.foobar.com", shape=plaintext, style=""]

  subgraph cluster_lb {
    label=<<b>lb-01</b>>; style="rounded,filled"; color="#c3cddb"; fillcolor="#eef3fb"
    haproxy [label="HAProxy :80\\nround robin\\nstatistics :8405"]
  }
  subgraph cluster_web1 {
    label=<<b>web-01</b>>; style="rounded,filled"; color="#c3cddb"; fillcolor="#eef8f0"
    nginx1 [label="Nginx :80"]
    app1 [label="application\\n127.0.0.1:8080"]
    primary [label="database primary\\n:3306", shape=cylinder, fillcolor="#fff6e0"]
  }
  subgraph cluster_web2 {
    label=<<b>web-02</b>>; style="rounded,filled"; color="#c3cddb"; fillcolor="#eef8f0"
    nginx2 [label="Nginx :80"]
    app2 [label="application\\n127.0.0.1:8080"]
    replica [label="database replica\\n:3306, read-only", shape=cylinder, fillcolor="#fff6e0"]
  }

  browser -> haproxy [label="HTTP"]
  haproxy -> nginx1
  haproxy -> nginx2
  nginx1 -> app1
  nginx2 -> app2
  app1 -> primary [label="writes"]
  app2 -> primary [label="writes"]
  app1 -> replica [label="reads"]
  app2 -> replica [label="reads"]
  primary -> replica [label="replication", style=dashed, constraint=false]
}
`;

/** docs/site.svg */
export async function sitePicture(): Promise<Page> {
  const svg = (await instance()).renderString(SITE, { format: 'svg' });
  // Its size in points makes it small where it is shown alone; the view box is enough for a page.
  return {
    path: 'docs/site.svg',
    text: svg.replace(/<svg width="[^"]*" height="[^"]*"/, '<svg role="img" aria-label="What provision builds"'),
  };
}
