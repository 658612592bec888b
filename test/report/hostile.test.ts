import { createHash } from 'node:crypto';
import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { gatherReport } from '../../report/gather';
import { REPORT_POLICY, renderHtml } from '../../report/html';
import { renderMarkdown } from '../../report/markdown';
import { HIDDEN } from '../../report/text';
import type { Report } from '../../report/schema';
import type { Json } from '../../domain/plan';
import { exampleStory } from '../support/example-story';
import { ledgerOf, sourcesOf } from '../support/rehearsed-report';
import { written } from '../support/written-facts';

/** Keys whose texts are of the plan, of people, or of what a check has seen; the rest are words of ours and instants. */
const WRITTEN = new Set(
  'launch title sentence text ref who action by reason risk note link name sha256 seen evidence impact notes why id item criterion owners accepts consequences opens drops chosenBy option criteria digest added removed changed parts rollback items head startedBy status type how ifSilent code'.split(
    ' '
  )
);
const ATTACKS = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</style><style>*{display:none}',
  '</title><svg onload=alert(1)>',
  '&lt;b&gt; &#60;script&#62; &amp;',
  '{{constructor}} ${7*7} <%= 1 %>',
  '# GO\n\n- all is well\n\n| a | b |\n|---|---|',
  '![x](http://evil.example/x.png) [y](javascript:alert(1)) <http://evil.example>',
  '```\ncode\n``` `x` ~~~ **bold** __u__ ~~no~~ \\',
  '1. first\n2. second\n> quote\n=====\n-----\n+ plus\n    indented',
  '\u001b[31mred\u001b[0m\u0007\u009b2J\u0000',
  '\u202eOG on si siht\u2066 \u200b\u200f\ufeff\u2028',
  'lone \ud800 surrogate \udc00',
  '| cell | cell ||',
  '--> <!-- -->',
  ']]> <![CDATA[',
];
const hostile = fc.oneof(
  fc.constantFrom(...ATTACKS),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: fc.constantFrom(...'<>&"\'`|\\*_[]()#~\n\r\t:/-+=!.1 '), maxLength: 60 })
);

const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** The report with every written text as `say` gives it. */
function rewritten(value: Json, say: (text: string) => string, isWritten = false): Json {
  if (typeof value === 'string') return isWritten && value !== '' && !INSTANT.test(value) ? say(value) : value;
  if (Array.isArray(value)) return value.map((each) => rewritten(each, say, isWritten && typeof each === 'string'));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, rewritten(each, say, WRITTEN.has(key))]));
}

const TAG = /<[^>]*>/g;
const { run, plan } = exampleStory();
let report: Report;
beforeAll(async () => {
  report = await gatherReport(sourcesOf(ledgerOf(plan, written(run.world))), plan.id, { at: run.world.now });
});

/** The same text is the same again, and no two become one: some are the names of others. */
function saying(texts: readonly string[]): Report {
  const known = new Map<string, string>();
  const say = (text: string): string => {
    const said = known.get(text) ?? `x${texts[known.size % texts.length]}x${known.size}`;
    known.set(text, said);
    return said;
  };
  return rewritten(report as unknown as Json, say) as unknown as Report;
}
/** The elements of a page with all their attributes. */
const elements = (page: string): string[] => page.match(TAG) ?? [];

test('whatever is written in a plan or said by people, the page has the same elements and attributes', () => {
  const expected = elements(renderHtml(saying([''])));
  expect(expected.length).toBeGreaterThan(1_000);
  fc.assert(
    fc.property(fc.array(hostile, { minLength: 5, maxLength: 20 }), (texts) => {
      const page = renderHtml(saying(texts));
      expect(elements(page)).toEqual(expected);
      const text = page.replace(TAG, '').slice(page.replace(TAG, '').indexOf('Skip to'));
      expect(text).not.toMatch(/[<>]/);
      expect(text.replace(/\n/g, '')).not.toMatch(HIDDEN);
      expect(text).not.toMatch(/\p{Surrogate}/u);
    }),
    { numRuns: 60 }
  );
});

test('the page needs nothing else, does nothing, and says so itself', () => {
  const page = renderHtml(saying(ATTACKS));
  const all = elements(page);
  expect(
    all.filter((tag) => /^<(script|link|img|iframe|object|embed|form|base|image|foreignObject)/i.test(tag))
  ).toEqual([]);
  expect(all.filter((tag) => /\s(on\w+|style|src|srcset|formaction|action)\s*=/i.test(tag))).toEqual([]);
  const hrefs = all.flatMap((tag) => /\shref="([^"]*)"/.exec(tag)?.[1] ?? []);
  expect(hrefs.length).toBeGreaterThan(10);
  expect(hrefs.every((href) => href.startsWith('#'))).toBe(true);
  const ids = new Set(all.flatMap((tag) => /\sid="([^"]*)"/.exec(tag)?.[1] ?? []));
  expect(hrefs.filter((href) => !ids.has(href.slice(1)))).toEqual([]);
  expect(page).toMatch(/<meta http-equiv="content-security-policy" content="default-src (&#39;|')none/);
  const style = /<style>([^]*?)<\/style>/.exec(page)![1]!;
  expect(style).not.toMatch(/url\(|@import/);
  // What its policy allows is to the letter what is there.
  expect(REPORT_POLICY).toContain(`'sha256-${createHash('sha256').update(style).digest('base64')}'`);
});

/** What a reader of Markdown makes of it: the kinds of all blocks and spans, without the words. */
function outline(text: string): string[] {
  const flat = new MarkdownIt({ html: true, linkify: false }).enable(['table', 'strikethrough']).parse(text, {});
  return flat
    .flatMap((token) => [
      token.type,
      ...(token.children ?? []).map(({ type, content }) => (type === 'html_inline' ? content : type)),
    ])
    .filter((type) => type !== 'text' && type !== 'text_special' && type !== 'code_inline');
}

test('the same of Markdown: no text begins a line, a cell, a link, a picture or an element', () => {
  fc.assert(
    fc.property(fc.array(hostile, { minLength: 5, maxLength: 20 }), (texts) => {
      const oneLine = texts.map((text) => text.replace(/[\n\r]/g, ' '));
      const said = renderMarkdown(saying(oneLine));
      expect(outline(said)).toEqual(outline(renderMarkdown(saying(['']))));
      const longer = renderMarkdown(saying(texts));
      expect(outline(longer).filter((type) => type !== '<br>')).toEqual(
        outline(said).filter((type) => type !== '<br>')
      );
      expect(longer.replace(/\n/g, '')).not.toMatch(HIDDEN);
    }),
    { numRuns: 60 }
  );
});
