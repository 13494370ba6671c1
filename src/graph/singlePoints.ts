import type { Service } from '../model/service.js';

/** A service that nothing else can stand in for. */
export interface SinglePoint {
  readonly service: Service;
  /** What ends with it. */
  readonly purposes: readonly string[];
}

/** The services without which something of the site ends. In the services' order. */
export function singlePoints(services: readonly Service[]): readonly SinglePoint[] {
  const counts = new Map<string, Set<string>>();
  for (const { host, serves } of services) {
    for (const purpose of serves) counts.set(purpose, (counts.get(purpose) ?? new Set()).add(host));
  }
  return services.flatMap((service) => {
    const purposes = service.serves.filter((purpose) => counts.get(purpose)?.size === 1);
    return purposes.length === 0 ? [] : [{ service, purposes }];
  });
}
