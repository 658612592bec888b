import type { PlanDocument } from '../schema';

/** A line of the imported document, counted from 1. */
export interface NumberedLine {
  line: number;
  text: string;
}

export interface Contradiction {
  /** Every line that takes part, ascending. */
  lines: number[];
  text: string;
}

/** How many of each thing were recognised. */
export interface Understood {
  items: number;
  blockers: number;
  verifications: number;
  decisions: number;
  options: number;
  coordinations: number;
  tasks: number;
  external: number;
  claims: number;
  criteria: number;
  people: number;
  must: number;
  should: number;
  nice: number;
  milestones: number;
  metrics: number;
  nextActions: number;
  /** Non-blank lines of the document, and how many of them were read as something. */
  lines: number;
  linesUnderstood: number;
}

export interface ImportResult {
  plan: PlanDocument;
  understood: Understood;
  /** What was not understood; it is in the plan's `context` too. */
  kept: NumberedLine[];
  warnings: NumberedLine[];
  contradictions: Contradiction[];
  /** What became of each non-blank line, ascending; `kept` where it was not understood. */
  trace: Array<{ line: number; as: string }>;
}

/** Thrown by `importDirection`, and nothing else is. `code` is stable. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
  readonly code = 'NO_CRITERION';

  constructor(readonly file: string) {
    super(
      `${file}: no plan can be made, since nothing in it can be met: found no checkbox, no list of blockers or of what a ` +
        'launch must have, no table of items; expected at least one of them outside comments and code fences'
    );
  }
}
