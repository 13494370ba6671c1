/** The environment as Node gives it. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Reads typed values from an environment and collects what is wrong with them, so that all of it can be told at once. */
export interface EnvReader {
  /** What was wrong so far, a sentence each. */
  readonly problems: string[];
  /** A text that is not empty; `undefined` when the variable is unset or empty. */
  optional(name: string): string | undefined;
  /** A text that must be there. A missing one is a problem, and `''` is returned. */
  required(name: string, meaning: string): string;
  /** A word of visible ASCII characters: it is put into headers. */
  word(name: string, fallback: string): string;
  /** A TCP port; 0 lets the system choose one. */
  port(name: string, fallback: number): number;
  /** Seconds, fractions allowed, from 0 to an hour. */
  seconds(name: string, fallback: number): number;
  /** `true`/`1`/`yes` or `false`/`0`/`no`. */
  flag(name: string, fallback: boolean): boolean;
}

const LAST_PORT = 65_535;
const AN_HOUR = 3_600;

/** A reader of the given environment. */
export function envReader(env: Env): EnvReader {
  const problems: string[] = [];

  const optional = (name: string): string | undefined => {
    const value = env[name];
    return value === undefined || value === '' ? undefined : value;
  };

  const parsed = <T>(name: string, fallback: T, expected: string, parse: (text: string) => T | undefined): T => {
    const text = optional(name);
    if (text === undefined) return fallback;
    const value = parse(text.trim());
    if (value === undefined) problems.push(`${name} is "${text}", expected ${expected}`);
    return value ?? fallback;
  };

  return {
    problems,
    optional,
    required(name, meaning) {
      const value = optional(name);
      if (value === undefined) problems.push(`${name} is not set: ${meaning}`);
      return value ?? '';
    },
    word: (name, fallback) =>
      parsed(name, fallback, 'visible ASCII characters without spaces', (text) =>
        /^[\x21-\x7e]+$/.test(text) ? text : undefined,
      ),
    port: (name, fallback) => parsed(name, fallback, `a port from 0 to ${LAST_PORT}`, parsePort),
    seconds: (name, fallback) =>
      parsed(name, fallback, `seconds from 0 to ${AN_HOUR}`, (text) => {
        const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
        return value <= AN_HOUR ? value : undefined;
      }),
    flag: (name, fallback) => parsed(name, fallback, 'true or false', parseFlag),
  };
}

/** A port from 0 to 65535, or `undefined` when the text is none. */
export function parsePort(text: string): number | undefined {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  return value <= LAST_PORT ? value : undefined;
}

function parseFlag(text: string): boolean | undefined {
  if (/^(true|1|yes)$/i.test(text)) return true;
  if (/^(false|0|no)$/i.test(text)) return false;
  return undefined;
}
