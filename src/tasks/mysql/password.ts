import { createHash } from 'node:crypto';
import type { MysqlAccount } from '../../facts/mysqlAccount.js';
import type { MysqlFlavour } from '../../facts/mysqlServer.js';
import { Secret, joinText, reveal, type Text } from '../../util/secret.js';
import { sha256Crypt } from '../../util/shaCrypt.js';
import { sqlString } from '../../util/sql.js';

/** Bytes of salt in MySQL's SHA-2 hashes. */
const SALT = 20;

/** Whether an account has this password, told from the hash that the server keeps. False for a plugin that keeps none. */
export function hasPassword({ plugin, authentication }: MysqlAccount, password: Secret): boolean {
  const stored = Buffer.from(reveal(authentication), 'hex');
  switch (plugin) {
    case 'mysql_native_password':
      return stored.toString('latin1') === nativeHash(reveal(password));
    case 'caching_sha2_password': {
      // $A$ROUNDS$ (thousands of rounds, as three hex digits), the salt, the hash.
      const rounds = /^\$A\$([0-9A-F]{3})\$/.exec(stored.toString('latin1', 0, 7))?.[1];
      if (rounds === undefined) return false;
      const salt = stored.subarray(7, 7 + SALT);
      return stored.toString('latin1', 7 + SALT) === sha256Crypt(reveal(password), salt, Number.parseInt(rounds, 16) * 1000);
    }
    case 'sha256_password': {
      const salt = stored.subarray(3, 3 + SALT);
      return stored.toString('latin1', 4 + SALT) === sha256Crypt(reveal(password), salt);
    }
    default:
      return false;
  }
}

/**
 * The part of CREATE USER and ALTER USER that sets a password. MariaDB gets the hash: it writes the statement to its
 * binary log as it is given, where MySQL writes the hash.
 */
export function identifiedByPassword(flavour: MysqlFlavour, password: Secret): Text {
  return flavour === 'mysql'
    ? joinText(['IDENTIFIED WITH caching_sha2_password BY ', sqlString(password)])
    : joinText(['IDENTIFIED VIA mysql_native_password USING ', sqlString(new Secret(nativeHash(reveal(password))))]);
}

/** What an account's hash will be found to match once the password is set. */
export function predictPassword(flavour: MysqlFlavour, password: Secret): Pick<MysqlAccount, 'plugin' | 'authentication'> {
  const salt = 'x'.repeat(SALT);
  return flavour === 'mysql'
    ? {
        plugin: 'caching_sha2_password',
        authentication: hex(`$A$005$${salt}${sha256Crypt(reveal(password), Buffer.from(salt))}`),
      }
    : { plugin: 'mysql_native_password', authentication: hex(nativeHash(reveal(password))) };
}

function nativeHash(password: string): string {
  const once = createHash('sha1').update(password, 'utf8').digest();
  return `*${createHash('sha1').update(once).digest('hex').toUpperCase()}`;
}

function hex(text: string): Secret {
  return new Secret(Buffer.from(text, 'latin1').toString('hex').toUpperCase());
}
