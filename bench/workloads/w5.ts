import { z } from 'zod';
import { playbook, type TaskContext, type TaskList } from 'provision/playbook';
import { tree } from 'provision/tasks/tree';

const vars = z.object({
  /** The folder on the controller with `small` and `large` in it. */
  bench_payload: z.string(),
});

function copies({ vars: { bench_payload } }: TaskContext<z.output<typeof vars>>): TaskList {
  return [
    tree({ src: `${bench_payload}/small`, path: '/srv/payload/small' }),
    tree({ src: `${bench_payload}/large`, path: '/srv/payload/large' }),
  ];
}

/** The workload of W5. */
export default playbook({ vars, groups: [], plays: [{ name: 'Files', hosts: 'all', tasks: copies }] });
