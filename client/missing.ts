import { nearest } from '../plan/nearest';
import { LaunchError } from './errors';

export function launchMissing(launch: string): LaunchError {
  return new LaunchError('NOT_FOUND', `there is no launch '${launch}'`);
}

/** Names the nearest of those that there are. */
export function unknownItem(launch: string, item: string, items: ReadonlyArray<{ id: string }>): LaunchError {
  const near = nearest(
    item,
    items.map(({ id }) => id)
  );
  const hint = near ? `did you mean '${near}'?` : `'launch status ${launch}' lists its ${items.length}`;
  return new LaunchError('UNKNOWN_ITEM', `launch '${launch}' has no item '${item}'; ${hint}`);
}
