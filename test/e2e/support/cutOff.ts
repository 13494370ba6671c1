/**
 * A shell command for root that takes a host off its network for so many seconds, with all its connections. It comes back by
 * itself, as nobody can log in meanwhile.
 *
 * It waits for the end of the login that ordered it: one that is cut off first would hang until the host is back.
 */
export function cutOff(seconds: number, gateway: string): string {
  const cut = [
    'while [ -n "$(ss -Htn state established "( sport = :22 )")" ]; do sleep 0.02; done',
    'ip link set host0 down',
    `sleep ${seconds}`,
    'ip link set host0 up',
    `ip route replace default via ${gateway}`,
  ];
  return `systemd-run --quiet --collect sh -c '${cut.join('; ')}'`;
}
