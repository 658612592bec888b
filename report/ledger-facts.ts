import type { LedgerContent } from '../domain/ledger-chain';
import { ROW, type RowBody } from '../domain/ledger-rows';
import type { Plan } from '../domain/plan';
import { planProblem } from '../domain/plan-shape';
import type { WrittenFact } from '../domain/replay';

/** Of one launch. Its facts are in memory at once; a ledger that is longer is told without its past. */
export const MOST_FACTS = 100_000;

/** What is wanted of a ledger, taken from it entry by entry. */
export class LedgerFacts {
  facts: WrittenFact[] = [];
  plan?: Plan;
  last = '0';
  private readonly starts: Array<{ at: number; firstRun: string }> = [];
  private left = 0;

  constructor(private readonly most = MOST_FACTS) {}

  take({ seq, workflow, firstRun, item, type, at, body, position }: LedgerContent): void {
    if (seq === null) return this.takeRow(type, body as unknown as RowBody);
    this.last = position;
    if (item === null && type === 'started') this.start({ at, firstRun });
    if (this.facts.length >= this.most) this.left++;
    else this.facts.push({ workflow, seq, type, at, body, ...(item === null ? {} : { item }) });
  }

  /** A launch that was begun again under its id, after Temporal had forgotten the first: this is about the last. */
  private start(started: { at: number; firstRun: string }): void {
    if (this.starts.length > 0) {
      this.facts = [];
      this.left = 0;
      this.plan = undefined;
    }
    this.starts.push(started);
  }

  private takeRow(type: string, { row }: RowBody): void {
    if (type !== ROW || row?.kind !== 'launch' || !row.plan || this.plan) return;
    if (planProblem(row.plan) === undefined) this.plan = row.plan as unknown as Plan;
  }

  get doubts(): string[] {
    const again = this.starts.length - 1;
    return [
      ...(again > 0
        ? [
            `The ledger has ${again === 1 ? 'an earlier run' : `${again} earlier runs`} of this launch's id; this report is of the last one.`,
          ]
        : []),
      ...(this.left > 0
        ? [
            `Its ledger has more than ${this.most} facts: what happened after them is not in this report ('launch ledger export' has all).`,
          ]
        : []),
    ];
  }

  /** What does not have all of its past is not taken through the rules. */
  get whole(): boolean {
    return this.left === 0;
  }
}
