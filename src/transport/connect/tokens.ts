import { homedir, hostname, userInfo } from 'node:os';

/** What the `%` tokens of ssh_config stand for. */
export interface Tokens {
  readonly host: string;
  readonly alias: string;
  readonly port: number;
  readonly user: string;
  readonly hostKeyAlias: string;
}

/** Expands ssh_config's `%h`, `%n`, `%p`, `%r`, `%u`, `%d`, `%i`, `%k`, `%l`, `%L`, `%%`. Unknown ones stay as they are. */
export function expandTokens(text: string, tokens: Tokens): string {
  return text.replaceAll(/%(.)/g, (all, token: string) => {
    switch (token) {
      case '%':
        return '%';
      case 'h':
        return tokens.host;
      case 'n':
        return tokens.alias;
      case 'p':
        return String(tokens.port);
      case 'r':
        return tokens.user;
      case 'u':
        return userInfo().username;
      case 'd':
        return homeOfAccount();
      case 'i':
        return String(userInfo().uid);
      case 'k':
        return tokens.hostKeyAlias;
      case 'l':
        return hostname();
      case 'L':
        return hostname().split('.')[0] ?? '';
      default:
        return all;
    }
  });
}

/** A path of ssh_config: `~`, `${VARIABLE}` and tokens expanded. */
export function expandPath(path: string, tokens: Tokens): string {
  const home = path.replace(/^~(?=\/|$)/, () => homeOfAccount());
  const variables = home.replaceAll(/\$\{([^}]+)\}/g, (all, name: string) => process.env[name] ?? all);
  return expandTokens(variables, tokens);
}

/** OpenSSH takes the home directory of the account, not $HOME. */
function homeOfAccount(): string {
  return userInfo().homedir || homedir();
}
