/** The rows of lists and pages as a fold of the ledger: what the entries without a sequence of their own say. */

import type { ItemRow, LaunchRow } from './ledger';
import type { Json } from './plan';

/** The type of an entry that holds a row. */
export const ROW = 'row';

/** Such an entry's body: a row that differs from the one before, and the workflow's count of its own states. */
export interface RowBody {
  rowSeq: number;
  row: LaunchRow | ItemRow;
}

export interface Rows {
  launch?: { seq: number; row: Omit<LaunchRow, 'plan'> };
  /** The newest that came with a plan. */
  plan?: { seq: number; plan: Json };
  items: Map<string, { seq: number; row: ItemRow }>;
}

/** Changes `rows`. The newest state stands, whenever it was written. */
export function foldRow(rows: Rows, { rowSeq, row }: RowBody): void {
  if (row.kind === 'item') {
    const before = rows.items.get(row.id);
    if (!before || before.seq < rowSeq) rows.items.set(row.id, { seq: rowSeq, row });
    return;
  }
  const { plan, ...rest } = row;
  if (!rows.launch || rows.launch.seq < rowSeq) rows.launch = { seq: rowSeq, row: rest };
  if (plan !== undefined && (!rows.plan || rows.plan.seq < rowSeq)) rows.plan = { seq: rowSeq, plan };
}
