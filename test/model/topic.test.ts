import { expect } from 'chai';
import { overlaps } from '../../src/model/topic.js';

describe('model/topic', () => {
  it('overlaps by kind, name, folder and everything', () => {
    expect(overlaps('path:/etc/hosts', 'path:/etc/hosts')).to.equal(true);
    expect(overlaps('path:/etc/**', 'path:/etc/hosts')).to.equal(true);
    expect(overlaps('path:/etc/nginx/**', 'path:/etc/**')).to.equal(true);
    expect(overlaps('unit:*', 'unit:nginx.service')).to.equal(true);
    expect(overlaps('*', 'user:app')).to.equal(true);
  });

  it('keeps apart what is apart', () => {
    expect(overlaps('path:/etc/nginx/**', 'path:/etc/nginx2')).to.equal(false);
    expect(overlaps('path:/etc', 'path:/etc/hosts')).to.equal(false);
    expect(overlaps('package:nginx', 'unit:nginx')).to.equal(false);
    expect(overlaps('unit:*', 'user:app')).to.equal(false);
  });
});
