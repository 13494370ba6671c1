/** What the parts of a page need to know of the run that they are about. */
export interface PageContext {
  readonly dryRun: boolean;
  /** All hosts of the run. Parts name them by their places in it, so that no name has to be looked for in an attribute. */
  readonly hosts: readonly string[];
  /** Begins the ids of this part. */
  readonly prefix: string;
  /** Show changes unfolded. */
  readonly open: boolean;
}

/** Hosts for the script's filter: their places, between spaces. */
export function hostPlaces(names: readonly string[], { hosts }: Pick<PageContext, 'hosts'>): string {
  return names.map((name) => hosts.indexOf(name)).join(' ');
}
