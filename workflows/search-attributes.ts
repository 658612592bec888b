import type { SearchAttributePair, SearchAttributeUpdatePair } from '@temporalio/common';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { mustsOpen } from '../domain/board';
import type { ItemState } from '../domain/item-state';
import type { LaunchState } from '../domain/launch-state';
import { phaseOf } from '../domain/launch-state';

/** What launches and items are found by in Temporal's list; registered by a worker before it polls. */
const keys = {
  launchId: defineSearchAttributeKey('LaunchId', SearchAttributeType.KEYWORD),
  phase: defineSearchAttributeKey('LaunchPhase', SearchAttributeType.KEYWORD),
  verdict: defineSearchAttributeKey('LaunchVerdict', SearchAttributeType.KEYWORD),
  launchAt: defineSearchAttributeKey('LaunchAt', SearchAttributeType.DATETIME),
  mustOpen: defineSearchAttributeKey('MustOpen', SearchAttributeType.INT),
  itemId: defineSearchAttributeKey('ItemId', SearchAttributeType.KEYWORD),
  kind: defineSearchAttributeKey('ItemKind', SearchAttributeType.KEYWORD),
  status: defineSearchAttributeKey('ItemStatus', SearchAttributeType.KEYWORD),
  priority: defineSearchAttributeKey('ItemPriority', SearchAttributeType.KEYWORD),
  owners: defineSearchAttributeKey('ItemOwners', SearchAttributeType.KEYWORD_LIST),
};

type Pairs = Array<SearchAttributePair & SearchAttributeUpdatePair>;

export function itemAttributes({ plan, status, owners }: ItemState): Pairs {
  const pairs: Pairs = [
    { key: keys.launchId, value: plan.launch },
    { key: keys.itemId, value: plan.item.id },
    { key: keys.kind, value: plan.item.kind },
    { key: keys.status, value: status },
    { key: keys.owners, value: owners },
  ];
  return plan.item.priority ? [...pairs, { key: keys.priority, value: plan.item.priority }] : pairs;
}

export function launchIdAttribute(launch: string): Pairs {
  return [{ key: keys.launchId, value: launch }];
}

export function launchAttributes(state: LaunchState, now: number): Pairs {
  const pairs: Pairs = [
    { key: keys.launchId, value: state.plan.id },
    { key: keys.phase, value: phaseOf(state) },
    { key: keys.launchAt, value: new Date(state.launchAt) },
    { key: keys.mustOpen, value: mustsOpen(state, now) },
  ];
  return state.verdict ? [...pairs, { key: keys.verdict, value: state.verdict.value }] : pairs;
}
