import type { z } from 'zod';

/**
 * The faults inside a union's value, where one of its forms is clearly meant: the one whose faults all lie deeper in the
 * value, the fewest of them. Otherwise the fault as it is: the value has none of the forms.
 */
export function innerIssues(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const deeper = issue.errors.filter(
    (form) => form.length > 0 && form.every((one) => one.path.length > 0 || one.code === 'unrecognized_keys'),
  );
  const [meant] = [...deeper].sort((a, b) => a.length - b.length);
  if (meant === undefined) return [issue];
  return meant.flatMap((one) => innerIssues({ ...one, path: [...issue.path, ...one.path] }));
}
