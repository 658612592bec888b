import { probeOf } from './criterion';
import { actionTitle } from './go-actions';
import { allItems } from './launch-state';
import type { Action, Plan, ProbeCheck } from './plan';
import { FOLLOWS } from './plan';

/** A check of a plan that an activity runs, and whose it is. */
export interface Probe {
  item: string;
  criterion: string;
  title: string;
  check: ProbeCheck;
}

/** What a worker would not do of a plan, and why: one sentence each, without a full stop. */
export interface CheckRefusal {
  /** Absent: `criterion` is the place of an action, or of a channel. */
  item?: string;
  /** The channel that it could not send by. */
  channel?: string;
  criterion: string;
  title: string;
  type: string;
  reasons: string[];
}

/** Every check of a plan that looks at the world: those of items, of `noGo` and of `postLaunch`. */
export function probesOf(plan: Plan): Probe[] {
  return allItems(plan).flatMap(({ id: item, criteria }) =>
    criteria.flatMap((criterion): Probe[] => {
      const check = probeOf(criterion);
      return check ? [{ item, criterion: criterion.id, title: criterion.title, check }] : [];
    })
  );
}

/** Where an action of a plan stands, for whoever reads why it is refused: `onVerdict.go 1`. */
export interface PlannedAction {
  place: string;
  title: string;
  action: Action;
}

/** The parts of a plan that only a worker can judge. */
export interface Asked {
  probes: Probe[];
  actions?: PlannedAction[];
  channels?: Plan['channels'];
}

/** Every action of a plan that reaches the world by itself; telling people is none. */
export function actionsOf({ onVerdict }: Plan): PlannedAction[] {
  return FOLLOWS.flatMap((follows) =>
    onVerdict[follows].flatMap((action, index) =>
      action.webhook || action.command
        ? [{ place: `onVerdict.${follows} ${index + 1}`, title: actionTitle(action), action }]
        : []
    )
  );
}

/** Every channel of a plan that sends by itself: none in a trial, which sends nothing; the log needs nothing. */
export function channelsOf({ channels, trial }: Plan): Plan['channels'] {
  const all = Object.entries(channels).filter(([, { type }]) => type !== 'log');
  return trial ? {} : Object.fromEntries(all);
}
