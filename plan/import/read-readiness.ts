/** Lists of what is ready, what is still to be verified and what is not ready. */
import type { Draft, DraftItem, State } from './draft';
import type { Entry, Section } from './markdown';
import type { Role } from './vocabulary';
import { brackets, withoutBrackets } from './words';

const MUST_BE_RESOLVED = /\bblockers?\b|\bmust\b/i;
/** A thing said to be ready is another item's claim only when it clearly is that item. */
const SAME_THING = 0.8;

export function readReadiness(draft: Draft, section: Section, role: Role): void {
  const lines = section.blocks.flatMap((block) => (block.type === 'text' ? block.lines : []));
  const words = [section.heading.text, ...lines.map(({ text }) => text)].join(' ');
  draft.mark(section.heading.line, `list: ${role}`);
  for (const line of lines)
    if (!draft.isTaken(line.line)) draft.keepAsContext(line.line, section.heading.text, line.text);
  const gateLine = lines.find(({ text }) => MUST_BE_RESOLVED.test(text))?.line;
  for (const block of section.blocks) {
    for (const entry of block.type === 'list' ? block.entries : []) {
      const item =
        role === 'ready'
          ? readClaim(draft, entry, words)
          : readOpen(draft, entry, role === 'pending' ? 'pending' : 'not-ready');
      if (role === 'not-ready' && gateLine !== undefined)
        item.facts.push({ about: 'gate', line: entry.line, value: 'blocker' });
      for (const child of [...entry.children, ...entry.more]) draft.note(item, child.line, child.text);
    }
  }
}

/** Said to be ready: an item to be confirmed by its owner. */
function readClaim(draft: Draft, entry: Entry, words: string): DraftItem {
  const owners = brackets(entry.text).flatMap((inner) => draft.people.addIfName(inner) ?? []);
  const title = withoutBrackets(entry.text) || entry.text;
  const known = draft.matcher.find(title, { owners, threshold: SAME_THING, only: (item) => !item.doc.external }).item;
  const item = known ?? draft.addItem({ title, owners, line: entry.line });
  item.claimed ||= known === undefined;
  if (entry.mark !== 'missing' && entry.checked !== false) item.doc.startAs = 'resolved';
  item.facts.push({ about: 'state', line: entry.line, value: /\bverified\b/i.test(words) ? 'verified' : 'claimed' });
  draft.note(item, entry.line, `Listed as ready: ${entry.text}`);
  return item;
}

/** Pending or not ready: a remark on the item it speaks about, or an item of its own. */
function readOpen(draft: Draft, entry: Entry, state: State): DraftItem {
  const { item: known, tied } = draft.matcher.find(entry.text, {
    prefer: state === 'pending' ? ['verification'] : ['blocker'],
    owners: draft.people.mentionedIn(brackets(entry.text).join(' ')),
    only: (item) => !item.claimed,
  });
  if (!known && tied.length > 0) {
    draft.warn(
      entry.line,
      `'${entry.text}' fits ${tied.map(({ doc }) => doc.id).join(' and ')} alike; it is an item of its own`
    );
  }
  const item =
    known ??
    draft.addItem({
      title: withoutBrackets(entry.text) || entry.text,
      kind: state === 'pending' ? 'verification' : 'blocker',
      owners: draft.people.mentionedIn(brackets(entry.text).join(' ')).slice(0, 1),
      line: entry.line,
    });
  item.facts.push({ about: 'state', line: entry.line, value: state });
  draft.note(item, entry.line, `Listed as ${state === 'pending' ? 'pending' : 'not ready'}: ${entry.text}`);
  if (state === 'pending') blamePending(draft, entry, item);
  return item;
}

/** `(DATA security audit)` behind a pending thing names what else is not yet verified. */
function blamePending(draft: Draft, entry: Entry, pending: DraftItem): void {
  for (const remark of brackets(entry.text)) {
    const thing = draft.people.withoutNames(remark);
    if (thing === '') continue;
    const about = draft.matcher.find(thing, {
      owners: draft.people.mentionedIn(remark),
      only: (item) => item.claimed,
      threshold: SAME_THING,
    }).item;
    if (!about) continue;
    about.facts.push({ about: 'state', line: entry.line, value: 'pending' });
    if (pending.doc.kind === 'verification')
      pending.doc.verifies = [...new Set([...(pending.doc.verifies ?? []), about.doc.id])];
  }
}
