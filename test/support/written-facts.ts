import { canonicalJson } from '../../domain/digest';
import type { Json } from '../../domain/plan';
import type { WrittenFact } from '../../domain/replay';
import type { World } from '../../domain/simulate';

/** What items and launch tell each other, which no workflow writes down. */
const NOT_WRITTEN: readonly string[] = ['reported', 'situated'];

/** What the workflows of a rehearsed launch would have written into its ledger. */
export function written({ launch, facts }: World): WrittenFact[] {
  const { id } = launch.plan;
  const next = new Map<string, number>();
  return facts.flatMap(({ of, fact }) => {
    if (NOT_WRITTEN.includes(fact.type)) return [];
    const workflow = of === id ? `launch:${id}` : `launch:${id}:item:${of}`;
    const seq = next.get(workflow) ?? 0;
    next.set(workflow, seq + 1);
    const body = JSON.parse(canonicalJson({ ...fact, at: undefined, type: undefined })) as Json;
    return [{ workflow, ...(of === id ? {} : { item: of }), seq, type: fact.type, at: fact.at, body }];
  });
}
