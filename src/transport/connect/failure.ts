import { UnreachableError } from '../../model/errors.js';
import { accountOf, type Settings } from './settings.js';

/** An UnreachableError that names the host and the account on it: `web-01 (deploy@192.0.2.7:22): connection refused`. */
export function unreachable(settings: Settings, what: string, hint?: string, cause?: unknown): UnreachableError {
  return new UnreachableError(describe(settings, what), { hint, cause });
}

function describe(settings: Settings, what: string): string {
  return `${settings.name} (${accountOf(settings)}): ${what}`;
}

/**
 * The host was reached, but its key or the login was refused: another try ends the same way until a person has done something.
 * (And many failed logins get an address banned.)
 */
export class DeniedError extends UnreachableError {}

/** As `unreachable`, for what another try does not change. */
export function denied(settings: Settings, what: string, hint?: string, cause?: unknown): DeniedError {
  return new DeniedError(describe(settings, what), { hint, cause });
}

/** An error's message, or the text of what else was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The system's name of an error (`ECONNREFUSED`), where it has one. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
