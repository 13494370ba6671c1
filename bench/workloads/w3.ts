import { z } from 'zod';
import { playbook, type TaskContext, type TaskList } from 'provision/playbook';
import { directory } from 'provision/tasks/directory';
import { file } from 'provision/tasks/file';

const vars = z.object({
  /** Half of them are directories, half are files in them. */
  bench_tasks: z.int().default(10),
});

function smallTasks({ host, vars: { bench_tasks } }: TaskContext<z.output<typeof vars>>): TaskList {
  const numbers = Array.from({ length: bench_tasks / 2 }, (_, n) => n);
  return [
    numbers.map((n) => directory({ path: `/srv/small/d${n}`, mode: '0755', parents: true })),
    numbers.map((n) => file({ path: `/srv/small/d${n}/f${n}`, content: `file ${n} of ${host.name}\n`, mode: '0644' })),
  ];
}

/** The workload of W3 and of the growth with tasks. */
export default playbook({ vars, groups: [], plays: [{ name: 'Small tasks', hosts: 'all', tasks: smallTasks }] });
