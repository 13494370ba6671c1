import { defineFact } from '../model/fact.js';
import { quote } from '../util/shell.js';

/** Whether a folder held a server's own tables when the host was first looked at, be there a server or not. */
export const mysqlData = defineFact<string, boolean>({
  name: 'mysqlData',
  // No change of a run makes data of an earlier installation.
  topics: () => [],
  command: (directory) => `[ -d ${quote(`${directory}/mysql`)} ]`,
  parse: ({ code }) => code === 0,
});
