/** What keeps a workload from its aim, by its name: to be written from what `--profile` shows. */
export const holds: Readonly<Record<string, string>> = {};
