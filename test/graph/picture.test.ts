import { expect } from 'chai';
import { toDot } from '../../src/graph/dot.js';
import { toMermaid } from '../../src/graph/mermaid.js';
import { pictureOf } from '../../src/graph/picture.js';
import { singlePoints } from '../../src/graph/singlePoints.js';
import { toSvg } from '../../src/graph/svg.js';
import type { Service } from '../../src/model/service.js';

const PROXY: Service = {
  host: 'lb-01',
  name: 'haproxy',
  title: 'HAProxy',
  port: 443,
  encrypted: true,
  serves: ['the "site"'],
  clients: ['internet'],
};

function database(host: string, serves: readonly string[], clients: Service['clients']): Service {
  return { host, name: 'mysql', title: 'database', port: 3306, stateful: true, encrypted: false, serves, clients };
}

const SERVICES: readonly Service[] = [
  PROXY,
  database(
    'db-01',
    ['writes', 'reads'],
    [
      { host: 'lb-01', service: 'haproxy' },
      { host: 'db-02', service: 'mysql' },
    ],
  ),
  database('db-02', ['reads'], [{ host: 'db-02', service: 'backup' }]),
];

describe('graph', () => {
  const picture = pictureOf(['lb-01', 'db-01', 'db-02', 'idle'], SERVICES);

  it('finds what nothing stands in for, and what ends with it', () => {
    expect(singlePoints(SERVICES).map(({ service, purposes }) => [service.host, ...purposes])).to.deep.equal([
      ['lb-01', 'the "site"'],
      ['db-01', 'writes'],
    ]);
    expect(singlePoints([PROXY, { ...PROXY, host: 'lb-02' }])).to.deep.equal([]);
    // Two services of one host fall together.
    expect(singlePoints([PROXY, { ...PROXY, name: 'other' }])).to.have.length(2);
  });

  it('tells what can be read along, what stays on its host, and what is replication', () => {
    expect(picture.arrows.map(({ isPlainText, isReplication }) => [isPlainText, isReplication])).to.deep.equal([
      [false, false],
      [true, false],
      [true, true],
      [false, false],
    ]);
    expect(picture.people.map(({ label }) => label)).to.deep.equal(['Internet']);
  });

  it('draws every host and service for Graphviz and Mermaid, single points in red', () => {
    const dot = toDot(picture);
    expect(dot)
      .to.include('people__internet -> lb_01__haproxy')
      .and.include('db_02__mysql -> db_01__mysql [style=dashed, label="replication"');
    expect(dot).to.match(/lb_01__haproxy \[label="HAProxy\\n:443", color="#c62828"/);
    expect(dot).to.match(/db_02__mysql \[label="database\\n:3306", shape=cylinder\]/);
    const mermaid = toMermaid(picture);
    expect(mermaid)
      .to.include('class lb_01__haproxy,db_01__mysql alone')
      .and.include('db_02__mysql -.->|replication| db_01__mysql');
    expect(mermaid).to.include('subgraph host__idle["idle"]');
  });

  it('is laid out by Graphviz as SVG, with every name in it', async () => {
    const svg = await toSvg(picture);
    expect(svg).to.match(/<svg role="img" aria-label="lb-01, db-01, db-02, idle"\s/);
    for (const text of ['HAProxy', ':443', 'database', ':3306', 'db-02', 'idle', 'Internet', 'replication']) {
      expect(svg).to.include(`>${text}</text>`);
    }
  });
});
