import { mysqlGtid } from '../../facts/mysqlGtid.js';
import { unchanged } from '../../model/fact.js';

/**
 * What a statement that is logged does to a server's GTIDs, for a plan: it adds to their number, and nothing is decided
 * by that. (Once it is done they are read again, so that nobody takes what a replica got by then for its own.)
 */
export const ONE_MORE = unchanged(mysqlGtid({}));
