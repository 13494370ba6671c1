import type { Candidates } from './candidate.js';
import type { Clock } from './clock.js';
import { keyCandidates } from './key-candidates.js';
import { passwordCandidates } from './password-candidates.js';
import type { Settings } from './settings.js';
import type { ConnectTarget } from './target.js';

/**
 * Gathers what a login can be tried with: the target's own key, the agent's keys (those that ssh_config names first),
 * key files, password, keyboard-interactive. InputError where the target's own key is missing or is no key.
 */
export async function gatherCandidates(target: ConnectTarget, settings: Settings, clock: Clock): Promise<Candidates> {
  const notes: string[] = [];
  const keys = settings.publicKeyAllowed ? await keyCandidates(target, settings, clock, notes) : [];
  return { list: [...keys, ...passwordCandidates(target, settings, clock)], notes };
}
