/** Contradictions of the document with itself, found by general rules. */
import { asMoment, hoursOf, wrongWeekday } from './dates';
import { contradiction, contradictionsOfItems } from './contradictions-items';
import type { Draft, DraftItem } from './draft';
import { sectionsOf, type Section } from './markdown';
import type { Contradiction } from './result';
import type { Role } from './vocabulary';
import { brackets, idsIn } from './words';

const MAX_LETTERS = 2_000;
const ADJECTIVES =
  '(?:(?:critical|open|remaining|known|identified|launch|production|release|outstanding|active|major|high-priority|P0|P1|more|total) ){0,3}';
const COUNTED: Array<{ pattern: RegExp; what: 'blockers' | 'must' }> = [
  {
    pattern: new RegExp(
      `(?<![\\w/.-])(\\d{1,5}) ${ADJECTIVES}(?:blockers?|blocking issues?)\\b(?! (?:resolved|closed|fixed|cleared))`,
      'gi'
    ),
    what: 'blockers',
  },
  { pattern: /(?<![\w/.-])(\d{1,5}) must[- ]haves?\b/gi, what: 'must' },
];
const LETTERS_ONLY = /[*_`]/g;

/** Source lines that are not templates, with their mark-up taken off. */
function plainLines(draft: Draft): Array<{ line: number; text: string }> {
  return draft.document.lines.flatMap((raw, index) => {
    const as = draft.trace.get(index + 1);
    if (raw.length > MAX_LETTERS || raw.trim() === '' || as === 'template' || as === 'code') return [];
    return [{ line: index + 1, text: raw.replace(LETTERS_ONLY, '') }];
  });
}

type Lines = ReturnType<typeof plainLines>;

/** A number of things against the list of them. */
function counts(draft: Draft, lines: Lines, roles: Map<Section, Role>): Contradiction[] {
  const listed = {
    blockers: draft.items.filter(({ listedBlocker, doc }) => listedBlocker && !doc.external),
    must: draft.gates.must,
  };
  const headings = [...roles].filter(([, role]) => role === 'blockers').map(([section]) => section.heading.line);
  return COUNTED.flatMap(({ pattern, what }) => {
    const size = listed[what].length;
    if (size === 0) return [];
    const said = lines.flatMap(({ line, text }) =>
      [...text.matchAll(pattern)].map((match) => ({ line, count: Number(match[1]) }))
    );
    for (const total of what === 'blockers' ? draft.blockerTotals : []) said.push(total);
    const wrong = said.filter(({ count }) => count !== size);
    if (wrong.length === 0) return [];
    const right = said.filter(({ count }) => count === size);
    const where = what === 'blockers' ? headings : draft.gates.must.slice(0, 1).map(({ entry }) => entry.source);
    const name = what === 'must' ? 'must-haves' : what;
    const figures = [...new Set(wrong.map(({ count }) => count))].join(' and ');
    return [
      contradiction(
        [...wrong, ...right].map(({ line }) => line).concat(where),
        `${figures} ${name} are counted, and ${size} are listed`
      ),
    ];
  });
}

const COUNT_THEN_LIST = /(?<![\w/.-])(\d{1,4}) ([\p{L}][\p{L} -]{2,40}?) ?\(([^()]+)\)/gu;
const COUNT_BEHIND = /\((\d{1,4}) (?:\p{L}+ ){0,2}(?:agents?|people|teams?|owners?|members?)\b[^()]*\)/gu;

/** Names or ids, and nothing else, between commas. */
function listOf(draft: Draft, text: string): number | undefined {
  const parts = text
    .split(/\s*(?:,|;|\+|&|\band\b)\s*/)
    .map((part) => part.trim())
    .filter(Boolean);
  const known = parts.every(
    (part) => draft.people.find(part) !== undefined || (idsIn(part)[0] === part && part !== '')
  );
  return known && parts.length > 1 ? parts.length : undefined;
}

function inlineCounts(draft: Draft, lines: Lines): Contradiction[] {
  return lines.flatMap(({ line, text }) => {
    const pairs = [
      ...[...text.matchAll(COUNT_THEN_LIST)].map((match) => ({ count: Number(match[1]), list: match[3]! })),
      ...[...text.matchAll(COUNT_BEHIND)].map((match) => ({
        count: Number(match[1]),
        list: text.slice(0, match.index).split(/[():]/).at(-1) ?? '',
      })),
    ];
    return pairs.flatMap(({ count, list }) => {
      const size = listOf(draft, list);
      return size === undefined || size === count
        ? []
        : [contradiction([line], `${count} are counted, and ${size} are named: ${list.trim()}`)];
    });
  });
}

function idle(draft: Draft, lines: Lines): Contradiction[] {
  const people = draft.idle;
  const found: Contradiction[] = [];
  const said = lines.flatMap(({ line, text }) =>
    [...text.matchAll(/(?<![\w/.<>-])(\d{1,4}) idle\b/gi)].map((match) => ({ line, count: Number(match[1]) }))
  );
  const wrong = said.filter(({ count }) => people.length > 0 && count !== people.length);
  if (wrong[0])
    found.push(
      contradiction(
        [...wrong, ...people].map(({ line }) => line),
        `${wrong[0].count} idle are counted, and ${people.length} are listed`
      )
    );
  const open = new Map<string, DraftItem[]>();
  for (const item of draft.items) {
    if (item.claimed || item.doc.startAs === 'resolved') continue;
    for (const owner of item.doc.owners) open.set(owner, [...(open.get(owner) ?? []), item].slice(0, 5));
  }
  for (const { person, line } of people) {
    const items = open.get(person);
    if (!items) continue;
    const ids = items.map(({ doc }) => doc.id).join(', ');
    found.push(
      contradiction([line, ...items.map(({ doc }) => doc.source)], `${person} is said to have no task, and has ${ids}`)
    );
  }
  return found;
}

/** `2 P0 tasks` said of work that is listed with another priority. */
function countedPriorities(draft: Draft, lines: Lines): Contradiction[] {
  const byLine = new Map(lines.map(({ line, text }) => [line, text]));
  return draft.items.flatMap((item) => {
    const ordered = (item.doc.orders ?? []).flatMap((id) => draft.itemById(id) ?? []);
    if (ordered.length === 0) return [];
    return item.noteLines.flatMap((line) => {
      const match = /(?<![\w/.-])(\d{1,4}) P([0-4]) (?:tasks?|items?|issues?)\b/i.exec(byLine.get(line) ?? '');
      if (!match) return [];
      const said = `P${match[2]}`;
      const other = ordered.filter(({ doc }) => doc.priority !== undefined && doc.priority !== said);
      const found: Contradiction[] = [];
      if (other.length > 0) {
        const at = other.flatMap((each) =>
          each.facts.filter(({ about }) => about === 'priority').map((fact) => fact.line)
        );
        found.push(
          contradiction(
            [line, ...at],
            `${other.map(({ doc }) => doc.id).join(' and ')} have two priorities: ${said} (line ${line}) and ${other[0]!.doc.priority} (line ${at[0] ?? other[0]!.doc.source})`
          )
        );
      }
      if (Number(match[1]) !== ordered.length)
        found.push(contradiction([line], `${match[0]} are counted, and ${ordered.length} are listed`));
      return found;
    });
  });
}

/** "All blockers" against "all musts", where they are not the same things. */
function goRules(draft: Draft): Contradiction[] {
  const byBlockers = draft.goRules.filter(({ needs }) => needs === 'blockers');
  const blockers = new Set(draft.items.filter(({ listedBlocker }) => listedBlocker));
  const must = new Set(draft.gates.must.flatMap(({ item }) => (item ? [item.followsUp ?? item] : [])));
  if (byBlockers.length === 0 || blockers.size === 0 || draft.gates.must.length === 0) return [];
  const onlyBlockers = [...blockers].filter((item) => !must.has(item));
  const onlyMust = draft.gates.must.filter(({ item }) => !item || !blockers.has(item.followsUp ?? item));
  if (onlyBlockers.length === 0 && onlyMust.length === 0) return [];
  const elsewhere = (item: DraftItem): number[] =>
    [item, ...item.followUps].flatMap(({ facts }) =>
      facts.filter(({ about }) => about === 'gate').map(({ line }) => line)
    );
  const lines = [
    ...draft.goRules.map(({ line }) => line),
    ...onlyBlockers.flatMap(elsewhere),
    ...onlyMust.map(({ entry }) => entry.source),
  ];
  const names = (texts: string[]): string => texts.slice(0, 10).join(', ') || 'nothing';
  const text =
    `two rules for a GO: all blockers (line ${byBlockers.map(({ line }) => line).join(', ')}) and all musts ` +
    `(line ${[...draft.goRules.filter(({ needs }) => needs === 'must').map(({ line }) => line), draft.gates.must[0]!.entry.source][0]}); ` +
    `blockers that are no must: ${names(onlyBlockers.map(({ doc }) => doc.id))}; musts that are no blocker: ${names(onlyMust.map(({ entry }) => entry.item ?? entry.title ?? ''))}`;
  return [contradiction(lines, text)];
}

const ASSESSING = /\bassess|\breadiness\b|\bgo\/no-go\b|\bfinal\b|\bsign-?off\b|\breview\b/i;

/** The announcement against the last planned work that it depends on. A launch without an hour may be at any of its day. */
function announcement(draft: Draft): Contradiction[] {
  const launch = draft.launchWhen;
  if (!launch || !draft.lead) return [];
  const instant = (text: string): number => Date.parse(text.replace(' ', 'T').replace(/Z?$/, 'Z'));
  const at = instant(asMoment(launch, '00:00'));
  const due = at - hoursOf(draft.lead.duration) * 3_600_000;
  const must = new Set(draft.gates.must.map(({ entry }) => entry.item));
  const planned = draft.milestones
    .filter(({ title, items }) => ASSESSING.test(title) || items?.some((id) => must.has(id)))
    .flatMap((milestone) => (milestone.when ? [{ ...milestone, ends: instant(asMoment(milestone.when)) }] : []))
    .filter(({ ends, when }) => ends < at || (when && when.day < launch.day))
    .sort((a, b) => a.ends - b.ends);
  const last = planned.at(-1);
  if (!last || last.ends <= due) return [];
  const until = new Date(last.ends + hoursOf(draft.lead.duration) * 3_600_000)
    .toISOString()
    .slice(0, 16)
    .replace('T', ' ');
  const unless = launch.time ? '' : `, unless the launch is not before ${until}`;
  const text = `the announcement is due ${draft.lead.duration} before the launch of ${launch.day} (line ${draft.lead.line}), which is before '${last.title}' ends (line ${last.source})${unless}`;
  return [contradiction([draft.lead.line, last.source, launch.line], text)];
}

const UNDONE =
  /\b(?:blocked|pending|not started|in progress|incomplete|failing|to ?do|tbd|awaiting|waiting (?:for|on)|outstanding)\b/i;
const FRACTION = /(?<![\w/.-])(\d{1,5})\s*(?:\/|of)\s*(\d{1,5})(?![\w/-])/;
const SHARE_DONE = /(?<![\d.])(\d{1,2}(?:\.\d+)?) ?% (?:complete|done|finished)\b/i;

/** Ticked, and its own words say that it is not done. */
function ticked(draft: Draft): Contradiction[] {
  const lines = [draft.document.root, ...sectionsOf(draft.document.root)].flatMap((section) =>
    section.blocks.flatMap((block) => {
      if (block.type === 'list') return block.entries.flatMap((entry) => [entry, ...entry.children]);
      return block.type === 'table' ? block.rows.flatMap(({ cells }) => cells[0] ?? []) : [];
    })
  );
  return lines.flatMap((line) => {
    if (!line.checked && line.mark !== 'done') return [];
    const remarks = [...brackets(line.text), / [-–—] (.+)$/.exec(line.text)?.[1] ?? ''];
    const undone = remarks.some((remark) => {
      const fraction = FRACTION.exec(remark);
      return UNDONE.test(remark) || SHARE_DONE.test(remark) || (fraction && Number(fraction[1]) < Number(fraction[2]));
    });
    return undone
      ? [contradiction([line.line], `ticked as done, and its own words say otherwise: '${line.text}'`)]
      : [];
  });
}

function shares(draft: Draft): Contradiction[] {
  const priorities = new Set(draft.shares.map(({ priority }) => priority));
  return [...priorities].flatMap((priority) => {
    const said = draft.shares.filter((share) => share.priority === priority);
    if (new Set(said.map(({ percent }) => percent)).size < 2) return [];
    const text = said.map(({ percent, line }) => `${percent}% (line ${line})`).join(' and ');
    return [
      contradiction(
        said.map(({ line }) => line),
        `two rules for how much of ${priority} must be complete: ${text}`
      ),
    ];
  });
}

function weekdays(draft: Draft, lines: Lines): Contradiction[] {
  const near = draft.today ?? draft.launchWhen?.day;
  return lines.flatMap(({ line, text }) => {
    const wrong = wrongWeekday(text, near);
    return wrong ? [contradiction([line], `${wrong.day} is called a ${wrong.said}, and is a ${wrong.is}`)] : [];
  });
}

function launchDates(draft: Draft): Contradiction[] {
  if (new Set(draft.launchDates.map(({ when }) => when.day)).size < 2) return [];
  const text = draft.launchDates.map(({ when, line }) => `${when.day} (line ${line})`).join(' and ');
  return [
    contradiction(
      draft.launchDates.map(({ line }) => line),
      `the launch has two dates: ${text}`
    ),
  ];
}

/** Entries without an item that say the same in two gates. */
function sameWords(draft: Draft): Contradiction[] {
  const seen = new Map<string, { gate: string; line: number }>();
  return (['must', 'should', 'nice'] as const).flatMap((gate) =>
    draft.gates[gate].flatMap(({ words, entry }) => {
      const before = words && seen.get(words);
      if (words && !before) seen.set(words, { gate, line: entry.source });
      if (!before || before.gate === gate) return [];
      return [
        contradiction([before.line, entry.source], `'${entry.title}' is in two gates: ${before.gate} and ${gate}`),
      ];
    })
  );
}

/** All of them, by their first line. */
export function findContradictions(draft: Draft, roles: Map<Section, Role>): Contradiction[] {
  const lines = plainLines(draft);
  const all = [
    ...draft.contradictions,
    ...counts(draft, lines, roles),
    ...inlineCounts(draft, lines),
    ...idle(draft, lines),
    ...countedPriorities(draft, lines),
    ...contradictionsOfItems(draft),
    ...goRules(draft),
    ...announcement(draft),
    ...ticked(draft),
    ...shares(draft),
    ...weekdays(draft, lines),
    ...launchDates(draft),
    ...sameWords(draft),
  ];
  return all.sort((a, b) => (a.lines[0] ?? 0) - (b.lines[0] ?? 0));
}
