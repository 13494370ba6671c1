import { UnreachableError } from '../../model/errors.js';
import { accountOf, type Settings } from './settings.js';

/** An UnreachableError that names the host and the account on it: `web-01 (deploy@192.0.2.7:22): connection refused`. */
export function unreachable(settings: Settings, what: string, hint?: string, cause?: unknown): UnreachableError {
  return new UnreachableError(`${settings.name} (${accountOf(settings)}): ${what}`, { hint, cause });
}

/** An error's message, or the text of what else was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The system's name of an error (`ECONNREFUSED`), where it has one. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
