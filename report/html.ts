import { createHash } from 'node:crypto';
import type { Block, Cell, Section, State, Table } from './document';
import { html, Markup } from './markup';
import { picture } from './picture';
import type { Report } from './schema';
import { sectionsOf } from './sections';
import { STYLE } from './style';
import { role, shape, symbols, verdictRole } from './symbols';
import { called } from './words';

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** What a report may do where it is shown: nothing but look as it does. */
export const REPORT_POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'`;

function stateCell({ state, why }: { state: State; why?: string }): Markup {
  const { mark, word } = state;
  const more = why ? html`<span class="why">${why}</span>` : html``;
  return html`<span class="state ${role(mark)}">${shape(mark)}<span>${word}</span></span
    >${more}`;
}

function cell(is: Cell): Markup {
  if (typeof is === 'string') return html`${is}`;
  if ('state' in is) return stateCell(is);
  if ('code' in is) return html`<code>${is.code}</code>`;
  return html`${is.lines.map((line) => html`<span>${cell(line)}</span>`)}`;
}

function row(cells: readonly Cell[], head: readonly string[]): Markup {
  return html`<tr>
    ${cells.map((each, index) => html`<td data-label="${head[index] ?? ''}">${cell(each)}</td>`)}
  </tr> `;
}

function table({ caption, head, rows, more }: Table): Markup {
  const isStateFirst = rows.length > 0 && rows.every(([first]) => typeof first === 'object' && 'state' in first);
  const heads = head.map((each, index) =>
    index === 0 && isStateFirst ? html`<th scope="col" class="c1">${each}</th>` : html`<th scope="col">${each}</th>`
  );
  const left =
    more > 0 ? html`<p class="alert">${shape('unclear')}${more} more rows: the JSON report has all.</p>` : html``;
  return html`<table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${heads}
        </tr>
      </thead>
      <tbody>
        ${rows.map((each) => row(each, head))}
      </tbody>
    </table>
    ${left}`;
}

function block(is: Block, report: Report): Markup {
  switch (is.kind) {
    case 'text':
      return is.isAlert
        ? html`<p class="alert">${shape('unclear')}<span>${is.text}</span></p>`
        : html`<p>${is.text}</p>`;
    case 'heading':
      return html`<h3>${is.text}</h3>`;
    case 'list':
      return html`<ul>
        ${is.items.map((each) => html`<li>${cell(each)}</li>`)}
      </ul>`;
    case 'terms':
      return html`<dl>
        ${is.terms.map(
          ([term, value]) =>
            html`<dt>${term}</dt>
              <dd>${cell(value)}</dd>`
        )}
      </dl>`;
    case 'table':
      return table(is);
    case 'timeline':
      return report.timeline ? picture(report, report.timeline) : html``;
  }
}

function section({ id, title, count, blocks }: Section, report: Report): Markup {
  const counted = count === undefined ? html`` : html`<span class="count">${count}</span>`;
  return html`<section id="${id}" aria-labelledby="h-${id}">
    <header>
      <h2 id="h-${id}">${title}</h2>
      ${counted}
    </header>
    ${blocks.map((each) => block(each, report))}
  </section> `;
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
  return html`<p class="kind">${what.join(', ')}</p>
    <h1>${title}</h1>
    <p class="call ${verdictRole(outline)}">${shape(outline)}<strong>${word}</strong></p>
    <p class="because">${verdict.sentence}</p>
    <p class="stamp">${made.text}</p>`;
}

/** One file that needs nothing else: no script, no other host. */
export function renderHtml(report: Report): string {
  const sections = sectionsOf(report);
  const contents = sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`);
  const { ledger, title, timezone } = report;
  const chain = ledger.head === null ? 'The ledger has nothing of it.' : `Ledger head ${ledger.head}.`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="content-security-policy" content="${REPORT_POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${called(report).word}: ${title}</title>
        <style>
          ${new Markup(STYLE)}
        </style>
      </head>
      <body>
        <a class="skip" href="#verdict">Skip to the verdict</a>
        ${symbols}
        <main>
          ${head(report)}
          <nav aria-label="Contents">
            <ul class="toc">
              ${contents}
            </ul>
          </nav>
          ${sections.map((each) => section(each, report))}
          <footer><p>Times are those of ${timezone}, the plan's zone. ${chain}</p></footer>
        </main>
      </body>
    </html> `.source;
}
