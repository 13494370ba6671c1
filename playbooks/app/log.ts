/** Says on stdout what happened: the service manager adds the time. */
export function info(message: string): void {
  process.stdout.write(`${message}\n`);
}

/** Says on stderr what went wrong. */
export function warn(message: string): void {
  process.stderr.write(`${message}\n`);
}
