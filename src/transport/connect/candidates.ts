import type { AnyAuthMethod } from 'ssh2';
import type { Clock } from './clock.js';
import { keyCandidates } from './key-candidates.js';
import { passwordCandidates } from './password-candidates.js';
import type { Settings } from './settings.js';
import type { ConnectTarget } from './target.js';

/** One thing to log in with. */
export interface Candidate {
  readonly method: 'publickey' | 'password' | 'keyboard-interactive';
  /** In words, for the list of what was tried. */
  readonly label: string;
  /** Whether a person may be asked before the server has seen anything of it. */
  readonly asks: boolean;
  /** What to hand to ssh2, or undefined where it is not to be had. */
  prepare(): Promise<AnyAuthMethod | undefined>;
  /** Whether the server took it as far as a signature. */
  signed(): boolean;
}

/** What to log in with, in order, and what could not be used and why. */
export interface Candidates {
  readonly list: readonly Candidate[];
  readonly notes: readonly string[];
}

/**
 * Gathers what a login can be tried with: the target's own key, the agent's keys (those that ssh_config names first),
 * key files, password, keyboard-interactive. InputError where the target's own key is missing or is no key.
 */
export async function gatherCandidates(target: ConnectTarget, settings: Settings, clock: Clock): Promise<Candidates> {
  const notes: string[] = [];
  const keys = settings.publicKeyAllowed ? await keyCandidates(target, settings, clock, notes) : [];
  return { list: [...keys, ...passwordCandidates(target, settings, clock)], notes };
}
