function isRecord(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isRecords(value: unknown): value is Array<{ [key: string]: unknown }> {
  return Array.isArray(value) && value.every(isRecord);
}

function itemProblem(item: { [key: string]: unknown }): string | undefined {
  const lists = ['owners', 'reportedBy', 'after', 'verifies', 'orders', 'escalation', 'remind'];
  const missing = lists.find((key) => !Array.isArray(item[key]));
  if (typeof item.id !== 'string' || typeof item.title !== 'string') return 'an item without id or title';
  if (missing) return `item ${item.id} has no list '${missing}'`;
  if (!isRecords(item.criteria) || !isRecord(item.sla)) return `item ${item.id} has no criteria or no sla`;
  return item.criteria.every(({ id, title }) => typeof id === 'string' && typeof title === 'string')
    ? undefined
    : `item ${item.id} has a criterion without id or title`;
}

function gateProblem(gates: unknown, ids: ReadonlySet<unknown>): string | undefined {
  if (!isRecord(gates)) return 'it has no gates';
  for (const gate of ['must', 'should', 'nice']) {
    const entries = gates[gate];
    if (!isRecords(entries)) return `it has no gate '${gate}'`;
    const unknown = entries.find(({ item }) => !ids.has(item));
    if (unknown) return `gate '${gate}' names an item that is not there`;
  }
  return undefined;
}

function launchProblem(launch: unknown): string | undefined {
  if (!isRecord(launch) || typeof launch.at !== 'number') return 'it has no launch date';
  const authority = launch.authority;
  if (!isRecord(authority) || !Array.isArray(authority.by)) return 'it has no authority';
  return isRecord(launch.announce) && Array.isArray(launch.noGo) ? undefined : 'its launch part is not whole';
}

/**
 * Why a value is no compiled plan, in a few words, or nothing. Workflow code has no schema library, and a plan that is
 * none would fail its every task: this looks at what the rules rely on.
 */
export function planProblem(plan: unknown): string | undefined {
  if (!isRecord(plan)) return 'it is no object';
  if ('undecodable' in plan) return `it could not be decoded: ${String(plan.undecodable)}`;
  if (typeof plan.id !== 'string' || typeof plan.revision !== 'number') return 'it has no id or no revision';
  if (!isRecords(plan.items) || !isRecords(plan.people)) return 'it has no items or no people';
  if (!isRecord(plan.calendar) || !Array.isArray(plan.calendar.transitions)) return 'it has no calendar';
  if (!isRecord(plan.defaults) || !isRecord(plan.onVerdict)) return 'it has no defaults';
  if (!plan.people.every(({ id, roles }) => typeof id === 'string' && Array.isArray(roles)))
    return 'a person without id or roles';
  const item = plan.items.map(itemProblem).find((problem) => problem !== undefined);
  return item ?? launchProblem(plan.launch) ?? gateProblem(plan.gates, new Set(plan.items.map(({ id }) => id)));
}
