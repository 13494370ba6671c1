/** The ports of the hosts that one container plays. */
export const FIRST_PORT = 20_001;

/** No more are played than have a port up to this one. */
export const LAST_PORT = 29_999;
