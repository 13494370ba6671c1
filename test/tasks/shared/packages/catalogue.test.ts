import { expect } from 'chai';
import { CATALOGUE } from '../../../../src/tasks/shared/packages/catalogue.js';
import { databaseContents } from '../../../../src/tasks/shared/packages/databaseContents.js';
import { monitoringContents } from '../../../../src/tasks/shared/packages/monitoringContents.js';
import { systemContents } from '../../../../src/tasks/shared/packages/systemContents.js';
import { toolContents } from '../../../../src/tasks/shared/packages/toolContents.js';
import { webContents } from '../../../../src/tasks/shared/packages/webContents.js';

describe('the catalogue of packages', () => {
  it('says of each package once what it brings', () => {
    const named = [webContents, databaseContents, monitoringContents, systemContents, toolContents].flatMap(Object.keys);
    expect([...CATALOGUE.keys()]).to.have.members(named);
  });
});
