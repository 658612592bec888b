import type { Block, Cell, Section, Table } from './document';
import type { Report, ReportTimeline } from './schema';
import { sectionsOf, warning } from './sections';
import { cleanLines, plain } from './text';
import { called, itemState, when } from './words';

/** Several lines of text as one cell. */
function said(text: string): string {
  return cleanLines(text)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(plain)
    .join('<br>');
}

/** Between marks that the text itself does not have. */
function code(text: string): string {
  const shown = plain(text) === '' ? '' : cleanLines(text).replace(/\s+/g, ' ').trim();
  if (shown === '' || /[`|\\]/.test(shown)) return said(text);
  return `\`${shown}\``;
}

function cell(is: Cell): string {
  if (typeof is === 'string') return said(is);
  if ('state' in is) return `**${plain(is.state.word)}**${is.why ? ` (${said(is.why)})` : ''}`;
  if ('code' in is) return code(is.code);
  return is.lines.map(cell).join('<br>');
}

function table({ head, rows, more }: Table): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(head.map(plain)),
    line(head.map(() => '---')),
    ...rows.map((row) => line(row.map(cell))),
    ...(more > 0 ? ['', `**${more} more rows: the JSON report has all.**`] : []),
  ];
}

/** What the picture shows, in words. */
function timelineTable(report: Report, { rows }: ReportTimeline): string[] {
  const shown = rows.map(({ item, gate, deadline, spans, falls }): Cell[] => [
    { code: item },
    gate ?? '',
    {
      lines: spans.map(
        ({ status, from, to }) =>
          `${itemState(status).word}: ${when(report, from)} to ${to === null ? 'then' : when(report, to)}`
      ),
    },
    deadline === null ? '' : when(report, deadline),
    { lines: falls.map((at) => when(report, at)) },
  ]);
  return table({ kind: 'table', caption: '', head: ['Item', 'Gate', 'Was', 'Deadline', 'Fell'], rows: shown, more: 0 });
}

function block(is: Block, report: Report): string[] {
  switch (is.kind) {
    case 'text':
      return [is.isAlert ? `> **${said(is.text)}**` : said(is.text)];
    case 'heading':
      return [`### ${plain(is.text)}`];
    case 'list':
      return is.items.map((each) => `- ${cell(each)}`);
    case 'terms':
      return is.terms.map(([term, value]) => `- ${plain(term)}: ${cell(value)}`);
    case 'table':
      return table(is);
    case 'timeline':
      return report.timeline ? timelineTable(report, report.timeline) : [];
  }
}

function section({ title, count, blocks }: Section, report: Report): string[] {
  const counted = count === undefined ? '' : ` (${plain(count)})`;
  return ['', `## ${plain(title)}${counted}`, ...blocks.flatMap((each) => ['', ...block(each, report)])];
}

/** The same as the page, as Markdown of GitHub's kind: the picture is a table. No trailing newline. */
export function renderMarkdown(report: Report): string {
  const { title, launch, revision, verdict, made, trial, speed, timezone } = report;
  const what = [
    `Launch report of ${launch}`,
    revision === null ? 'plan revision not known' : `plan revision ${revision}`,
    ...(trial ? ['trial: nothing was sent'] : []),
    ...(speed === null ? [] : [`run ${speed} times as fast as planned`]),
    ...(verdict.final === false ? ['as things stand'] : []),
  ];
  const warned = warning(report);
  return [
    `# ${called(report).word}: ${plain(title)}`,
    '',
    plain(what.join(', ')),
    '',
    ...(warned === undefined ? [] : [`> **${said(warned)}**`, '']),
    `**${said(verdict.sentence)}**`,
    '',
    said(made.text),
    '',
    `Times are those of ${plain(timezone)}, the plan's zone.`,
    ...sectionsOf(report).flatMap((each) => section(each, report)),
  ].join('\n');
}
