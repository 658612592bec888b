import { Document, isMap, isScalar, isSeq, visit } from 'yaml';
import type { ImportResult } from './result';

const WIDTH = 120;

function comment(lines: string[]): string {
  return lines.map((line) => ` ${line.replace(/\s+/g, ' ').slice(0, 500)}`).join('\n');
}

/** The plan as a person would go on writing it, beginning with what they should look at first. Ends with a newline. */
export function importToYaml(result: ImportResult): string {
  const document = new Document(result.plan, { aliasDuplicateObjects: false });
  const { contradictions, warnings, kept } = result;
  const head = [
    'Imported from a launch document. `source` is the line that something came from.',
    ...(contradictions.length > 0 ? ['', 'The document contradicts itself:'] : []),
    ...contradictions.map(({ lines, text }) => `- line ${lines.join(', ')}: ${text}`),
    ...(warnings.length > 0 ? ['', 'To look at:'] : []),
    ...warnings.map(({ line, text }) => `- line ${line}: ${text}`),
    ...(kept.length > 0 ? ['', `Not understood, and kept under \`context\`: ${kept.length} lines.`] : []),
  ];
  document.commentBefore = comment(head);
  const items = document.get('items');
  if (isSeq(items)) {
    for (const item of items.items.slice(1)) if (isMap(item)) item.spaceBefore = true;
  }
  visit(document, {
    Seq(_, node) {
      // Short lists of names read better in one line.
      if (node.items.length > 0 && node.items.every((each) => isScalar(each) && !/\s\S*\s/.test(String(each.value))))
        node.flow = true;
    },
  });
  return document.toString({ lineWidth: WIDTH, flowCollectionPadding: false });
}
