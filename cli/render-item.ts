import type { ItemPage } from '../client/item-page';
import type { ItemState } from '../domain/item-state';
import type { Need } from '../domain/launch-state';
import { fromNow } from '../report/board-words';
import { criterionLines } from './item-criteria';
import { Page, type RenderOptions } from './page';
import { clean, count, cut, instantIn } from './text';

function facts(page: Page, item: ItemPage, zone: string): void {
  const { options } = page;
  const line = (name: string, text: string | null): void => {
    if (text) page.text(`${name}: ${text}`, 0);
  };
  line('Impact', item.impact);
  line('Owners', item.owners.join(', '));
  line('Reported by', item.reportedBy.join(', '));
  const late = item.overdue ? ', overdue' : '';
  if (item.deadline) line('Due', `${instantIn(zone, item.deadline)}, ${fromNow(item.deadline, options.now)}${late}`);
  line('Waits for', item.waitingOn.join(', '));
  line('Verifies', item.verifies.join(', '));
  line('Chosen', item.chosen);
  line('Notes', item.notes);
}

function needs(page: Page, all: readonly Need[]): void {
  if (all.length === 0) return;
  page.title('Awaited', count(all.length, 'thing'));
  for (const { who, action, command } of all) {
    page.text(`${who}: ${action}`, 2);
    if (command) page.add(`    ${page.style.cyan(page.typed(command))}`);
  }
}

/** One item as a terminal shows it: what it is, each criterion with what was seen, what is awaited, what was said. */
export function renderItem(item: ItemPage, state: ItemState, options: RenderOptions & { zone: string }): string {
  const page = new Page(options);
  const { style } = page;
  page.add(style.bold(cut(clean(`${item.id}: ${item.title}`), page.width)));
  const about = [item.kind, item.priority, item.status, item.reopened > 0 ? `reopened ${item.reopened}×` : null];
  page.text([item.launch, ...about].filter(Boolean).join(' · '), 0, style.dim);
  page.add();
  facts(page, item, options.zone);
  const met = item.criteria.filter(({ state: each }) => each === 'met' || each === 'waived').length;
  if (item.criteria.length > 0) page.title('Criteria', `${met} of ${item.criteria.length} met`);
  for (const each of item.criteria) criterionLines(page, each, state);
  needs(page, item.needs);
  if (item.comments.length > 0) page.title('Comments');
  for (const { by, at, text } of item.comments) page.text(`${by}, ${fromNow(at, options.now)}: ${text}`, 2);
  if (item.refused.length > 0) page.title('Refused', 'messages that could not be answered');
  for (const { command, by, message } of item.refused.slice(-3)) page.text(`${command} by ${by}: ${message}`, 2);
  return page.lines.join('\n');
}
