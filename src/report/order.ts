/**
 * One order out of several that agree where they overlap: what stands before another thing in any of them does so in the
 * result. Where two contradict each other, the earlier one of the list wins.
 */
export function mergeOrders<T>(orders: readonly (readonly T[])[]): readonly T[] {
  const merged = new Set<T>();
  /** In how many orders a thing stands. */
  const total = new Map<T, number>();
  for (const order of orders) for (const one of new Set(order)) total.set(one, (total.get(one) ?? 0) + 1);
  const queues = orders.map((order) => {
    const rest = order.values();
    return { rest, head: rest.next() };
  });
  for (;;) {
    /** What comes next, and in how many orders it does. */
    const heads = new Map<T, number>();
    for (const queue of queues) {
      while (queue.head.done !== true && merged.has(queue.head.value)) queue.head = queue.rest.next();
      if (queue.head.done !== true) heads.set(queue.head.value, (heads.get(queue.head.value) ?? 0) + 1);
    }
    const [first] = heads;
    if (first === undefined) return [...merged];
    const [next] = [...heads].find(([one, count]) => count === total.get(one)) ?? first;
    merged.add(next);
  }
}
