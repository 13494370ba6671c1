/** Does a command's work, with `--profile` measured. What measures is loaded only then. */
export async function withProfile<T>(
  { profile, output }: { readonly profile: boolean; readonly output?: string | undefined },
  work: () => Promise<T>,
): Promise<T> {
  if (!profile) return work();
  const { profiled } = await import('./profiled.js');
  return profiled(output, work);
}
