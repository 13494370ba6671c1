import type { AnyAuthMethod, ParsedKey } from 'ssh2';

/** One thing to log in with. */
export interface Candidate {
  readonly method: 'publickey' | 'password' | 'keyboard-interactive';
  /** In words, for the list of what was tried. */
  readonly label: string;
  /** Whether a person may be asked before the server has seen anything of it. */
  readonly asks: boolean;
  /** What to hand to ssh2, or undefined where it is not to be had. */
  prepare(): Promise<AnyAuthMethod | undefined>;
  /** The private key, where the server need not be asked first whether it would take it: it is at hand, and nobody is bothered. */
  readonly atOnce?: (() => Promise<ParsedKey | undefined>) | undefined;
  /** Whether the server took it as far as a signature. */
  signed(): boolean;
}

/** What to log in with, in order, and what could not be used and why. */
export interface Candidates {
  readonly list: readonly Candidate[];
  readonly notes: readonly string[];
}
