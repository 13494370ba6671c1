import type { PackageContents } from './contents.js';
import { databaseContents } from './databaseContents.js';
import { monitoringContents } from './monitoringContents.js';
import { systemContents } from './systemContents.js';
import { toolContents } from './toolContents.js';
import { webContents } from './webContents.js';

/** What well-known packages bring, by their names. Measured on hosts; test/e2e/packageContents.test.ts measures it again. */
export const CATALOGUE: ReadonlyMap<string, PackageContents> = new Map(
  [webContents, databaseContents, monitoringContents, systemContents, toolContents].flatMap((contents) =>
    Object.entries(contents),
  ),
);
