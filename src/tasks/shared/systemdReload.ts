import { LOADED_DIRECTORY } from '../../facts/loaded.js';

/** There where something was written that systemd has not read yet. */
const STALE = `${LOADED_DIRECTORY}/.stale`;

/** sh code: systemd has something to read again, which can wait until `READ_AGAIN`. */
export const READ_LATER = `[ -d ${LOADED_DIRECTORY} ] || mkdir -p -m 700 ${LOADED_DIRECTORY}; : >${STALE}`;

/** sh code: systemd reads all units again, which takes it a fifth of a second. Until it has, the note that it must stays. */
export const READ_NOW = `systemctl daemon-reload; rm -f ${STALE}`;

/**
 * sh code: systemd reads all units again where that is due. Steps whose scripts see to it themselves that systemd knows the
 * unit that they are about have it as their `atEnd`, so that it is done once for all of them.
 */
export const READ_AGAIN = `if [ -e ${STALE} ]; then ${READ_NOW}; fi`;
