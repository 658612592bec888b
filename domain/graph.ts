/** A cycle of the graph as a path that ends where it begins, or undefined. `edges(id)` names what must come before. */
export function findCycle(ids: readonly string[], edges: (id: string) => readonly string[]): string[] | undefined {
  const done = new Set<string>();
  for (const root of ids) {
    const path: string[] = [];
    const onPath = new Set<string>();
    const stack: Array<{ id: string; next: number }> = [{ id: root, next: 0 }];
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      if (top.next === 0) {
        if (done.has(top.id)) {
          stack.pop();
          continue;
        }
        path.push(top.id);
        onPath.add(top.id);
      }
      const target = edges(top.id)[top.next++];
      if (target === undefined) {
        done.add(top.id);
        onPath.delete(path.pop()!);
        stack.pop();
      } else if (onPath.has(target)) {
        return [...path.slice(path.indexOf(target)), target];
      } else if (!done.has(target)) {
        stack.push({ id: target, next: 0 });
      }
    }
  }
  return undefined;
}

/** The ids in an order in which everything comes after what it waits for; in a cycle's remainder, as given. */
export function dependencyOrder(ids: readonly string[], edges: (id: string) => readonly string[]): string[] {
  const known = new Set(ids);
  const left = new Map(ids.map((id) => [id, edges(id).filter((before) => known.has(before)).length]));
  const dependants = new Map<string, string[]>();
  for (const id of ids) {
    for (const before of edges(id)) {
      const known = dependants.get(before);
      if (known) known.push(id);
      else dependants.set(before, [id]);
    }
  }
  // The order is its own queue: what is ready is put at its end, and read on from where it was.
  const order = ids.filter((id) => left.get(id) === 0);
  for (let next = 0; next < order.length; next++) {
    for (const dependant of dependants.get(order[next]!) ?? []) {
      const count = (left.get(dependant) ?? 0) - 1;
      left.set(dependant, count);
      if (count === 0) order.push(dependant);
    }
  }
  const ordered = new Set(order);
  return [...order, ...ids.filter((id) => !ordered.has(id))];
}
