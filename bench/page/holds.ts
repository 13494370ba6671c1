/** What keeps a workload from its aim, by its name: what `--profile` shows. */
export const holds: Readonly<Record<string, string>> = {
  W1: "Node's own start and the program's code take 0.2 s; then come the logins, whose key exchanges one thread does.",
  W2: 'It waits for cron and atd, which are watched for 2 s after their start, as they do not tell when they are ready.',
  'W3-100': 'One thread does all logins and plans: 16 ms of processor time a host, where 100 ssh processes use both cores.',
  'W3-500': 'One thread does all logins and plans, where 500 ssh processes use both cores.',
  'W4-3': "Node's own start and the program's code take 0.2 s of it.",
  'W4-100':
    'One thread does all logins, 11 ms of processor time each, where 100 ssh processes use both cores. Threads for key exchanges are the next step.',
  'W5-first': 'Processor time of both sides: each byte passes ssh2, a `cat` and a FIFO on its way.',
  'W5-again': 'Reading the folder’s thousand files on the controller, and Node’s start; rsync starts in a few milliseconds.',
  W6: "Node's own start and the program's code, as with W1; and packages are looked up in apt's cache.",
  site: 'Processor time of the hosts: thousands of processes after the packages, as each task is done and proved by itself; some 15 times that systemd reads its units again, for which it starts eleven generators each time; and before the packages apt’s answer what it would install.',
  'site-uncached': 'What holds the site whose packages come from a cache: here 89 s of the hosts’ processors instead of 75 s.',
};
