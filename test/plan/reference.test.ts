import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { NOT_YET } from '../../plan/not-yet';
import { planJsonSchema, planReference } from '../../plan/reference';
import { planDocument } from '../../plan/schema';
import { generatedDocs } from '../../plan/write-docs';

test.each(Object.entries(generatedDocs()))(
  'docs/%s is what the schema says (else run plan/write-docs)',
  (file, text) => {
    expect(readFileSync(`docs/${file}`, 'utf8')).toBe(text);
  }
);

interface Node {
  description?: string;
  properties?: { [key: string]: Node };
  [key: string]: unknown;
}

/** Every key of every mapping in the JSON Schema. */
function keysOf(node: unknown): Array<[string, Node]> {
  if (typeof node !== 'object' || node === null) return [];
  if (Array.isArray(node)) return node.flatMap(keysOf);
  const { properties, ...rest } = node as Node;
  const here = Object.entries(properties ?? {});
  return [...here, ...here.flatMap(([, inner]) => keysOf(inner)), ...keysOf(Object.values(rest))];
}

test('every key has its one sentence', () => {
  const keys = keysOf(z.toJSONSchema(planDocument, { io: 'input' }));
  expect(keys.length).toBeGreaterThan(200);
  expect(keys.filter(([, { description }]) => !description?.endsWith('.')).map(([key]) => key)).toEqual([]);
});

test('every key has its line in the reference', () => {
  const reference = planReference();
  const missing = new Set(keysOf(z.toJSONSchema(planDocument, { io: 'input' })).map(([key]) => key));
  for (const key of missing)
    if (new RegExp(`[\`.]${key}\``).test(reference) || reference.includes(`type: ${key}`)) missing.delete(key);
  expect([...missing]).toEqual([]);
});

test('keys that do not act yet say so', () => {
  for (const { key } of NOT_YET) expect(planReference()).toContain(`- \`${key}\`:`);
});

test('the JSON Schema is one that editors can use', () => {
  const schema = planJsonSchema();
  expect(schema.$schema).toContain('json-schema.org');
  expect(JSON.stringify(schema)).not.toContain('"absent"');
});
