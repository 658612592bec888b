/** One measured figure; a budget is the most it may be. */
export interface Figure {
  what: string;
  value: number;
  unit: string;
  budget?: number;
}

const shown = (value: number, unit: string): string => `${Number(value.toFixed(1))}${unit && ` ${unit}`}`;

function cells({ what, value, unit, budget }: Figure): string[] {
  const share = budget ? `${Math.round((100 * value) / budget)} %` : '';
  return [what, shown(value, unit), budget === undefined ? '' : shown(budget, unit), share];
}

/** Lines of a table: the figure, its budget, and how much of the budget it is. */
export function table(title: string, figures: readonly Figure[]): string[] {
  const rows = [[title, 'measured', 'budget', 'of it'], ...figures.map(cells)];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: string[]): string =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd();
  return ['', line(rows[0]!), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.slice(1).map(line)];
}

/** The value that this share (0 to 1) of `values` does not exceed; 0 where there is none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
