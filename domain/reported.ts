import type { LaunchState, ReportedBlocker } from './launch-state';
import type { GateName, Item, Plan } from './plan';

/** The report with this id, in whatever case it is written, as ids of items are. */
export function findReport({ reported }: LaunchState, id: string): ReportedBlocker | undefined {
  return reported.find((each) => each.id.toLowerCase() === id.toLowerCase());
}

/** The item that an accepted report becomes. Nobody named: the authority owns it until it assigns it. */
export function itemOf(state: LaunchState, report: ReportedBlocker, owners: string[]): Item {
  const { defaults, launch } = state.plan;
  const owned = owners.length > 0 ? owners : report.owners.length > 0 ? report.owners : launch.authority.by;
  const titles = report.acceptance.length > 0 ? report.acceptance : [`${report.title}: it is resolved`];
  return {
    id: report.id,
    kind: 'blocker',
    title: report.title,
    impact: report.impact,
    owners: owned,
    reportedBy: [report.by],
    priority: report.priority,
    severity: report.severity,
    deadline: report.deadline === undefined ? undefined : { at: report.deadline },
    after: [],
    verifies: [],
    orders: [],
    external: false,
    sla: defaults.sla,
    escalation: defaults.escalation,
    remind: defaults.remind,
    criteria: titles.map((title, index) => ({
      id: `done-${index + 1}`,
      title,
      attest: { as: 'attest', by: owned, quorum: 'any' },
      independent: false,
    })),
  };
}

/** The plan with one more item: the next revision. */
export function withItem(plan: Plan, item: Item, gate: GateName): Plan {
  const gates = { ...plan.gates, [gate]: [...plan.gates[gate], { item: item.id, title: item.title }] };
  return { ...plan, revision: plan.revision + 1, items: [...plan.items, item], gates };
}
