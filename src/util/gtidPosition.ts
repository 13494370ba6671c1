/** A MariaDB GTID: the `sequence`-th transaction of a domain, first written by a server. */
export interface MariadbGtid {
  readonly domain: number;
  readonly server: number;
  readonly sequence: number;
}

/** A MariaDB position or binary log state: the last transactions, by domain or by domain and server. */
export type GtidPosition = readonly MariadbGtid[];

const GTID = /^(\d+)-(\d+)-(\d+)$/;

/** Reads `0-21-392,1-21-7`. Throws RangeError for anything else. */
export function parseGtidPosition(text: string): GtidPosition {
  return text
    .split(',')
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const match = GTID.exec(part.trim());
      if (match === null) throw new RangeError(`not a GTID position: ${text}`);
      const [domain = 0, server = 0, sequence = 0] = match.slice(1).map(Number);
      return { domain, server, sequence };
    });
}

/** The position as MariaDB prints it. */
export function formatGtidPosition(position: GtidPosition): string {
  return position.map(({ domain, server, sequence }) => `${domain}-${server}-${sequence}`).join(',');
}

/** What of a state the other one does not know: another server's transactions, or later ones of the same server. */
export function unknownGtids(state: GtidPosition, known: GtidPosition): GtidPosition {
  return state.filter(
    ({ domain, server, sequence }) =>
      !known.some((other) => other.domain === domain && other.server === server && other.sequence >= sequence),
  );
}

/** Whether a position is, in each domain of the other, at least as far. */
export function isAtLeast(position: GtidPosition, other: GtidPosition): boolean {
  return other.every(({ domain, sequence }) => reached(position, domain) >= sequence);
}

/** A binary log state as a position: the last transaction of each domain. */
export function lastOfDomains(state: GtidPosition): GtidPosition {
  return [...new Set(state.map(({ domain }) => domain))].flatMap((domain) =>
    state
      .filter((one) => one.domain === domain)
      .sort((a, b) => b.sequence - a.sequence)
      .slice(0, 1),
  );
}

function reached(position: GtidPosition, domain: number): number {
  return Math.max(0, ...position.filter((one) => one.domain === domain).map(({ sequence }) => sequence));
}
