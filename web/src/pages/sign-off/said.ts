import { useAllFacts, type Asked } from '../../api/queries';
import type { FactAnswer } from '../../api/types';
import { useLaunch } from '../../live/use-launch';

/** One answer of one of the authority, as the ledger has it. */
export interface Said {
  position: string;
  by: string;
  at: number;
  answer: 'yes' | 'no' | 'withdraw';
  digest: string;
  accepts: string[];
  why?: string;
  /** It was taken back by the rules, and why. */
  void?: { at: number; reason: string };
}

type Body = { [key: string]: unknown };

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function saidOf({ position, at, body }: FactAnswer): Said | undefined {
  const { by, answer, digest, accepts, why } = body as Body;
  if (typeof by !== 'string' || (answer !== 'yes' && answer !== 'no' && answer !== 'withdraw')) return undefined;
  const all = Array.isArray(accepts) ? accepts.flatMap((each) => text(each) ?? []) : [];
  return { position, by, at, answer, digest: text(digest) ?? '', accepts: all, why: text(why) };
}

/** The void answers are those that stood when their giver's became void. */
function withVoids(all: readonly Said[], voids: readonly FactAnswer[]): Said[] {
  const found = new Map<string, Said['void']>();
  for (const { position, at, body } of voids) {
    const { by, reason } = body as Body;
    const before = all.findLast((said) => said.by === by && BigInt(said.position) < BigInt(position));
    if (before?.answer === 'yes') found.set(before.position, { at, reason: text(reason) ?? '' });
  }
  return all.map((said) => ({ ...said, void: found.get(said.position) }));
}

/** Everything that was answered, the oldest first. */
export function useSaid(): Omit<Asked<Said[]>, 'refetch'> & { refetch: () => Promise<unknown> } {
  const { launch } = useLaunch();
  const answers = useAllFacts(launch, { type: 'signedOff' });
  const voids = useAllFacts(launch, { type: 'signOffVoided' });
  const all = answers.data?.flatMap((fact) => saidOf(fact) ?? []);
  return {
    data: all && voids.data && withVoids(all, voids.data),
    error: answers.error ?? voids.error,
    refetch: () => Promise.all([answers.refetch(), voids.refetch()]),
  };
}
