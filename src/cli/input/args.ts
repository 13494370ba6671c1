import type { InferredOptionTypes } from 'yargs';
import type { CONNECTION_OPTIONS, INVENTORY_OPTIONS, OPTIONS_OF, VAULT_OPTIONS, VERBOSE_OPTION } from './options.js';

/** The options of a command as yargs hands them over. */
export type Args<C extends keyof typeof OPTIONS_OF> = InferredOptionTypes<(typeof OPTIONS_OF)[C]>;

/** The options that every command has which connects. */
export type ConnectingArgs = InferredOptionTypes<
  typeof INVENTORY_OPTIONS & typeof VAULT_OPTIONS & typeof CONNECTION_OPTIONS & typeof VERBOSE_OPTION
>;
