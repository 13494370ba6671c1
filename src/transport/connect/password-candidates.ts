import { reveal, type Secret } from '../../util/secret.js';
import type { Candidate } from './candidate.js';
import type { Clock } from './clock.js';
import type { Settings } from './settings.js';
import type { ConnectTarget } from './target.js';

/** The ways to log in with a password: none where there is neither one nor somebody to ask. */
export function passwordCandidates(target: ConnectTarget, settings: Settings, clock: Clock): Candidate[] {
  const { password, askPassword } = target;
  if (password === undefined && askPassword === undefined) return [];
  let asked: Promise<Secret | undefined> | undefined;
  const secret = (): Promise<Secret | undefined> =>
    (asked ??=
      password !== undefined || askPassword === undefined
        ? Promise.resolve(password)
        : clock.paused(() => askPassword(`${settings.user}@${settings.host}`)));
  const common = { asks: password === undefined, signed: () => false };
  const username = settings.user;
  return [
    ...(settings.passwordAllowed ? [passwordCandidate(username, secret, common)] : []),
    ...(settings.keyboardInteractiveAllowed ? [keyboardCandidate(username, secret, common)] : []),
  ];
}

type Common = Pick<Candidate, 'asks' | 'signed'>;

function passwordCandidate(username: string, secret: () => Promise<Secret | undefined>, common: Common): Candidate {
  return {
    ...common,
    method: 'password',
    label: 'password',
    async prepare() {
      const value = await secret();
      return value === undefined ? undefined : { type: 'password', username, password: reveal(value) };
    },
  };
}

/** Answers each hidden prompt with the password: what PAM asks for a password with. */
function keyboardCandidate(username: string, secret: () => Promise<Secret | undefined>, common: Common): Candidate {
  return {
    ...common,
    method: 'keyboard-interactive',
    label: 'keyboard-interactive',
    async prepare() {
      const value = await secret();
      if (value === undefined) return undefined;
      return {
        type: 'keyboard-interactive',
        username,
        prompt: (_name, _instructions, _language, prompts, finish) => {
          finish(prompts.map((prompt) => (prompt.echo === true ? '' : reveal(value))));
        },
      };
    },
  };
}
