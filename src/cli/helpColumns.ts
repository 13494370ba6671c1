/** Help is never laid out wider than this. */
export const HELP_COLUMNS = 110;
