import { createHash } from 'node:crypto';
import type { Block, Cell, Section, State, Table } from './document';
import { markup, Markup } from './markup';
import { picture } from './picture';
import type { Report } from './schema';
import { sectionsOf, warning } from './sections';
import { STYLE } from './style';
import { role, shape, symbols, verdictRole } from './symbols';
import { called } from './words';

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** What a report may do where it is shown: nothing but look as it does. */
export const REPORT_POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'`;

function stateCell({ state, why }: { state: State; why?: string }): Markup {
  const { mark, word } = state;
  const more = why ? markup`<span class="why">${why}</span>` : markup``;
  return markup`<span class="state ${role(mark)}">${shape(mark)}<span>${word}</span></span
    >${more}`;
}

function cell(is: Cell): Markup {
  if (typeof is === 'string') return markup`${is}`;
  if ('state' in is) return stateCell(is);
  if ('code' in is) return markup`<code>${is.code}</code>`;
  return markup`${is.lines.map((line) => markup`<span>${cell(line)}</span>`)}`;
}

function row(cells: readonly Cell[], head: readonly string[]): Markup {
  return markup`<tr>${cells.map((each, index) => markup`<td data-label="${head[index] ?? ''}">${cell(each)}</td>`)}</tr>\n`;
}

function table({ caption, head, rows, more }: Table): Markup {
  const isStateFirst = rows.length > 0 && rows.every(([first]) => typeof first === 'object' && 'state' in first);
  const heads = head.map((each, index) =>
    index === 0 && isStateFirst ? markup`<th scope="col" class="c1">${each}</th>` : markup`<th scope="col">${each}</th>`
  );
  const left =
    more > 0 ? block({ kind: 'text', text: `${more} more rows: the JSON report has all.`, isAlert: true }) : [];
  const columns = markup`<thead><tr>${heads}</tr></thead>\n`;
  const body = markup`<tbody>${rows.map((each) => row(each, head))}</tbody>`;
  return markup`<table><caption>${caption}</caption>${columns}${body}</table>\n${left}`;
}

function block(is: Block, report?: Report): Markup {
  switch (is.kind) {
    case 'text':
      if (!is.isAlert) return markup`<p>${is.text}</p>\n`;
      return markup`<p class="alert">${shape('unclear')}<span>${is.text}</span></p>\n`;
    case 'heading':
      return markup`<h3>${is.text}</h3>\n`;
    case 'list':
      return markup`<ul>${is.items.map((each) => markup`<li>${cell(each)}</li>`)}</ul>\n`;
    case 'terms':
      return markup`<dl>${is.terms.map(([term, value]) => markup`<dt>${term}</dt><dd>${cell(value)}</dd>`)}</dl>\n`;
    case 'table':
      return table(is);
    case 'timeline':
      return report?.timeline ? picture(report, report.timeline) : markup``;
  }
}

function section({ id, title, count, blocks }: Section, report: Report): Markup {
  const counted = count === undefined ? markup`` : markup`<span class="count">${count}</span>`;
  const heading = markup`<header><h2 id="h-${id}">${title}</h2>${counted}</header>\n`;
  const all = blocks.map((each) => block(each, report));
  return markup`<section id="${id}" aria-labelledby="h-${id}">${heading}${all}</section>\n`;
}

function head(report: Report): Markup {
  const { verdict, title, launch, revision, made, trial, speed } = report;
  const { shape: outline, word } = called(report);
  const what = [
    `Launch report of ${launch}`,
    revision === null ? 'plan revision not known' : `plan revision ${revision}`,
    ...(trial ? ['trial: nothing was sent'] : []),
    ...(speed === null ? [] : [`run ${speed} times as fast as planned`]),
    ...(verdict.final === false ? ['as things stand'] : []),
  ];
  const warned = warning(report);
  const doubt = warned === undefined ? markup`` : block({ kind: 'text', text: warned, isAlert: true });
  const big = markup`<p class="call ${verdictRole(outline)}">${shape(outline)}<strong>${word}</strong></p>`;
  return markup`<p class="kind">${what.join(', ')}</p>
<h1>${title}</h1>
${big}
${doubt}<p class="because">${verdict.sentence}</p>
<p class="stamp">${made.text}</p>
`;
}

/** One file that needs nothing else: no script, no other host. */
export function renderHtml(report: Report): string {
  const sections = sectionsOf(report);
  const contents = sections.map(({ id, title }) => markup`<li><a href="#${id}">${title}</a></li>`);
  const { ledger, title, timezone } = report;
  const chain = ledger.head === null ? 'The ledger has nothing of it.' : `Ledger head ${ledger.head}.`;
  // To the letter what its policy allows.
  const style = new Markup(`<style>${STYLE}</style>`);
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="${REPORT_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${called(report).word}: ${title}</title>
${style}
</head>
<body>
<a class="skip" href="#verdict">Skip to the verdict</a>
${symbols}
<main>
${head(report)}<nav aria-label="Contents"><ul class="toc">${contents}</ul></nav>
${sections.map((each) => section(each, report))}<footer><p>Times are those of ${timezone}, the plan's zone. ${chain}</p></footer>
</main>
</body>
</html>
`;
  return page.source;
}
