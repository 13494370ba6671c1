/**
 * What is wrong with a run of Ansible, whose exit code does not tell whether it changed something.
 * @param output its standard output, with a line a host at the end
 * @param changes whether each host was to be changed
 * @returns undefined where all is as expected
 */
export function complaintOf(output: string, hosts: number, changes: boolean): string | undefined {
  const lines = [...output.matchAll(/^(\S+)\s*: ok=\d+\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)/gm)];
  if (lines.length !== hosts) return `a recap of ${lines.length} hosts instead of ${hosts}`;
  const wrong = lines.filter(([, , changed, unreachable, failed]) => {
    return unreachable !== '0' || failed !== '0' || (changed !== '0') !== changes;
  });
  if (wrong.length === 0) return undefined;
  const names = wrong.map(([line]) => line).slice(0, 3);
  return `${changes ? 'changes' : 'no changes'} expected on each host; ${names.join('; ')}`;
}
