import type { FactAnswer } from '../../api/types';

/** When a check that fails was first seen to, without a pass in between: looking again by hand does not begin it anew. */
export function failingSince(
  facts: ReadonlyArray<Pick<FactAnswer, 'type' | 'body' | 'at'>>,
  criterion: string
): number | undefined {
  let since: number | undefined;
  for (const { type, body, at } of facts) {
    const told = (body ?? {}) as { criterion?: unknown; measurement?: { outcome?: unknown } };
    if (type !== 'measured' || told.criterion !== criterion) continue;
    since = told.measurement?.outcome === 'failed' ? (since ?? at) : undefined;
  }
  return since;
}
