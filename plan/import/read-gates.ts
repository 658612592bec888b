/** What a GO needs: must, should, nice, each line linked to the item that satisfies it, or an item of its own. */
import type { GateName, Priority, Severity } from '../../domain/plan';
import type { GateEntryDocument } from '../schema/launch';
import type { Draft, DraftItem } from './draft';
import type { Line } from './line';
import type { Section } from './markdown';
import { asTitle, brackets, meaningfulWords, slug, withoutBrackets } from './words';

const SHARE = /\b(all|every|each|(\d{1,3}) ?%(?: of)?)(?: (?:the|of))?\b.*?\bP([0-4])\b/i;
const NO_SEVERE =
  /\b(?:no|zero|0)\b(?: (?:open|known|remaining|outstanding|unresolved))*.*?\b(critical|high|medium|low|P[0-4])\b.*\b(?:bugs?|issues?|defects?|incidents?|errors?|problems?|vulnerabilit\w+)\b/i;
const ALL_BLOCKERS = /\b(?:all|every)\b.*\bblockers?\b/i;
/** Something that is not there yet cannot be one of the items that are. */
const FURTHER = /^\s*(?:additional|further|more|other|new|extra)\b/i;

/** A line that counts items instead of naming one. */
function countingCheck(draft: Draft, text: string): GateEntryDocument['check'] {
  const share = SHARE.exec(text);
  if (share) {
    const priority = `P${share[3]}` as Priority;
    return draft.hasPriority(priority)
      ? { type: 'items', where: { priority }, is: 'resolved', atLeast: `${share[2] ?? 100}%` }
      : undefined;
  }
  const severe = NO_SEVERE.exec(text);
  if (severe) {
    const level = severe[1]!;
    const where = /^P/i.test(level)
      ? { priority: level.toUpperCase() as Priority }
      : { severity: level.toLowerCase() as Severity };
    return { type: 'items', where, is: 'open', atMost: 0 };
  }
  const blockers = ALL_BLOCKERS.test(text) && draft.items.some(({ doc }) => doc.kind === 'blocker');
  return blockers ? { type: 'items', where: { kind: 'blocker' }, is: 'resolved', atLeast: '100%' } : undefined;
}

export function readGate(draft: Draft, section: Section, gate: GateName): void {
  draft.mark(section.heading.line, `gate: ${gate}`);
  for (const block of section.blocks) {
    if (block.type === 'list') {
      for (const entry of block.entries) {
        readGateEntry(draft, gate, entry);
        for (const child of [...entry.children, ...entry.more]) draft.keepAsContext(child.line, entry.text, child.text);
      }
    } else if (block.type === 'table') {
      draft.mark(block.line, `gate: ${gate}`);
      for (const { line, cells } of block.rows) {
        const [first, ...rest] = cells;
        if (!first) continue;
        readGateEntry(draft, gate, { ...first, line });
        if (rest.some(({ text }) => text))
          draft.keepAsContext(line, first.text, rest.map(({ text }) => text).join(' | '));
      }
    } else if (block.type === 'text') {
      for (const line of block.lines)
        if (!draft.isTaken(line.line)) draft.keepAsContext(line.line, section.heading.text, line.text);
    }
  }
}

export function readGateEntry(draft: Draft, gate: GateName, line: Line): void {
  const { text } = line;
  draft.mark(line.line, `gate: ${gate}`);
  const check = countingCheck(draft, text);
  const words = meaningfulWords(withoutBrackets(text)).sort().join(' ');
  const share = SHARE.exec(text);
  if (share)
    draft.shares.push({ line: line.line, priority: `P${share[3]}` as Priority, percent: Number(share[2] ?? 100) });
  if (check) {
    const entry = { id: draft.freeId(slug(text).toUpperCase()), title: asTitle(text), check, source: line.line };
    return void draft.gates[gate].push({ entry, words });
  }
  const { item, tied } = FURTHER.test(text)
    ? { item: undefined, tied: [] }
    : draft.matcher.find(text, { prefer: preferred(text) });
  if (item && !draft.gated[gate].has(item)) return linkEntry(draft, { gate, line }, item);
  if (item)
    draft.warn(line.line, `'${text}' fits ${item.doc.id}, which the same list names already; it is an item of its own`);
  if (tied.length > 0)
    draft.warn(
      line.line,
      `'${text}' fits ${tied.map(({ doc }) => doc.id).join(' and ')} alike; it is an item of its own`
    );
  ownEntry(draft, { gate, line }, words);
}

function preferred(text: string): Array<'verification' | 'blocker'> {
  return /\bverif|\bconfirm|\bcomplet/i.test(text) ? ['verification'] : ['blocker'];
}

interface GateLine {
  gate: GateName;
  line: Line;
}

function linkEntry(draft: Draft, { gate, line }: GateLine, item: DraftItem): void {
  draft.gated[gate].add(item);
  item.facts.push({ about: 'gate', line: line.line, value: gate });
  if (line.checked === true) item.facts.push({ about: 'state', line: line.line, value: 'claimed' });
  draft.gates[gate].push({
    entry: { item: item.doc.id, title: asTitle(line.text), source: line.line },
    words: '',
    item,
  });
}

/** Satisfied by its owners' word; a ticked one is a claim that they confirm. */
function ownEntry(draft: Draft, { gate, line }: GateLine, words: string): void {
  const { text } = line;
  const people = [
    ...brackets(text).flatMap((inner) => draft.people.find(inner) ?? []),
    ...draft.people.mentionedIn(text.replace(/[(),]/g, ' ')),
    ...draft.people
      .list()
      .filter(({ id }) => FURTHER.test(text) && text.toLowerCase().split(/\W+/).includes(id))
      .map(({ id }) => id),
  ];
  const owners = [...new Set(people)].slice(0, 1);
  const how = line.checked ? { claim: { text: 'Ticked in the document' } } : { attest: {} };
  const id = draft.freeId(slug(withoutBrackets(text) || text).toUpperCase());
  draft.gates[gate].push({ entry: { id, title: asTitle(text), owners, ...how, source: line.line }, words });
}
