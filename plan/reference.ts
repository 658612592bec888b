/** The reference of the plan document and its JSON Schema, both made from the schema that reads it. */
import { z } from 'zod';
import { NOT_YET } from './not-yet';
import { planDocument } from './schema';

interface JsonSchema {
  /** A list where values of several simple types will do. */
  type?: string | string[];
  description?: string;
  default?: unknown;
  absent?: string;
  const?: unknown;
  enum?: unknown[];
  pattern?: string;
  properties?: { [key: string]: JsonSchema };
  required?: string[];
  items?: JsonSchema;
  additionalProperties?: JsonSchema | boolean;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  $ref?: string;
}

function rawSchema(): JsonSchema {
  return z.toJSONSchema(planDocument, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
}

/** For editors. What holds where a key is absent, and is no value that could be written, is part of its description. */
export function planJsonSchema(): { [key: string]: unknown } {
  return z.toJSONSchema(planDocument, {
    io: 'input',
    reused: 'ref',
    override: ({ jsonSchema }) => {
      const schema = jsonSchema as JsonSchema;
      if (schema.absent === undefined) return;
      schema.description = `${schema.description ?? ''} Default: ${schema.absent}.`.trim();
      delete schema.absent;
    },
  }) as { [key: string]: unknown };
}

/** What the reference calls the values that the schema names; a `$ref` ends in the name. */
const NAMED: { [name: string]: string } = {
  names: 'name or list of names',
  threshold: 'count or share',
  secret: 'text or { env: NAME }',
};

function nameOfRef(ref: string): string {
  const name = ref.slice(ref.lastIndexOf('/') + 1);
  return name.startsWith('__') ? 'anything' : (NAMED[name] ?? name);
}

function scalarType({ type }: JsonSchema): string {
  if (Array.isArray(type)) return type.map((one) => scalarType({ type: one })).join(' or ');
  if (type === 'integer') return 'whole number';
  return type === 'string' ? 'text' : (type ?? 'anything');
}

function alternatives({ anyOf, oneOf }: JsonSchema): JsonSchema[] | undefined {
  return anyOf ?? oneOf;
}

function typeOf(schema: JsonSchema): string {
  if (schema.$ref !== undefined) return nameOfRef(schema.$ref);
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  const options = alternatives(schema);
  if (options) return [...new Set(options.map(typeOf))].join(' or ');
  if (schema.type === 'array') return `list of ${typeOf(schema.items ?? {})}`;
  if (schema.type === 'object') return 'mapping';
  return scalarType(schema);
}

interface Row {
  key: string;
  schema: JsonSchema;
  required: boolean;
}

/** Depth first, in the order of the schema. `body` and other free values end the walk. */
function rowsBelow(schema: JsonSchema, key: string): Row[] {
  const options = alternatives(schema);
  if (options) return options.flatMap((option) => rowsBelow(option, key));
  if (schema.type === 'array') return rowsBelow(schema.items ?? {}, `${key}[]`);
  const { properties, additionalProperties } = schema;
  if (!properties) {
    return typeof additionalProperties === 'object' ? rowsBelow(additionalProperties, `${key}.<name>`) : [];
  }
  return Object.entries(properties).flatMap(([name, inner]) => {
    const path = key === '' ? name : `${key}.${name}`;
    return [
      { key: path, schema: inner, required: schema.required?.includes(name) ?? false },
      ...rowsBelow(inner, path),
    ];
  });
}

const CHECK = 'items[].acceptance[].check';
/** Parts that occur in several places are shown once. */
const SHOWN_ELSEWHERE: readonly RegExp[] = [
  /^launch\.(noGo|postLaunch\.criteria)\[\]\./,
  /^gates\.must\[\]\.(check|attest|acknowledge|claim|independent|freshFor|from|every|timeout|consecutive|failureLimit|errorLimit)(\.|$)/,
  /^gates\.(should|nice)\[\]\./,
  /^onVerdict\.(delay|noGo)\[\]\./,
];

function isRepeated(key: string): boolean {
  return SHOWN_ELSEWHERE.some((part) => part.test(key));
}

function notYet(key: string): string {
  const entry = NOT_YET.find(
    (one) => key === one.key || key.startsWith(`${one.key}.`) || key.startsWith(`${one.key}[]`)
  );
  return entry ? ' **Not acted on yet.**' : '';
}

function notYetSection(): string[] {
  if (NOT_YET.length === 0) return [];
  const lines = NOT_YET.map(({ key, instead }) => `- \`${key}\`: ${instead}.`).join('\n');
  const intro = 'These keys are read, checked and kept; `launch validate` warns where a plan uses them.';
  return [`## Accepted, not acted on yet\n\n${intro}\n\n${lines}`];
}

const cell = (text: string): string => text.replace(/\|/g, '\\|').replace(/\n/g, ' ');

function defaultOf({ schema, required }: Row): string {
  if (required) return 'required';
  if (schema.absent !== undefined) return schema.absent;
  return schema.default === undefined ? '–' : `\`${String(schema.default)}\``;
}

function line(row: Row, prefix: string): string {
  const key = row.key.slice(prefix.length);
  const meaning = `${row.schema.description ?? ''}${notYet(row.key)}`;
  return `| \`${key}\` | ${cell(typeOf(row.schema))} | ${cell(defaultOf(row))} | ${cell(meaning)} |`;
}

function table(rows: readonly Row[], prefix = ''): string {
  return [
    '| key | type | default | meaning |',
    '| --- | --- | --- | --- |',
    ...rows.map((row) => line(row, prefix)),
  ].join('\n');
}

function checkTables(schema: JsonSchema): string[] {
  return (alternatives(schema) ?? []).map((option) => {
    const type = String(option.properties?.type?.const);
    const rows = rowsBelow(option, '').filter(({ key }) => key !== 'type');
    return `### \`type: ${type}\`\n\n${option.properties?.type?.description ?? ''}\n\n${table(rows)}`;
  });
}

const HEADING = `# Plan reference

Every key of a plan document. This file is made from the schema: change \`plan/schema/\` and \`plan/checks/\`, then run
\`npm run build && node dist/plan/write-docs.js\`. For editors there is \`docs/plan.schema.json\`; begin a plan with
\`# yaml-language-server: $schema=plan.schema.json\`.

A **duration** is elapsed time: \`30s\`, \`5m\`, \`4h\`, \`1h30m\`, \`2d\` (48 hours), \`1w\`. A **name** has up to 63 letters, digits,
\`.\`, \`_\` and \`-\`; it is an id, and where people are meant the id of a person, a role or a group (\`everyone\` is a group that
is always there). A **share** is written \`95%\`. A **quorum** is \`any\` (one person is enough), \`all\` (each listed role by one
of its people), a number of people, or a number for each role like \`{ qa: 2 }\`. A **pattern** is a regular expression in RE2
syntax. \`{ env: NAME }\` stands for an environment variable of the worker. An **instant** is one of

| form | meaning |
| --- | --- |
| \`2027-03-01 14:00\`, \`2027-03-01T14:00Z\`, \`Mon 2027-03-01\` | a date; without an offset in the plan's \`timezone\`, without an hour at 23:59; a weekday before it is checked |
| \`T-48h\` | elapsed time before (or, with \`+\`, after) the launch; it moves with the launch |
| \`T-2d\` | the same time of day two days before the launch, also over a change of the clocks |
| \`+8h\`, \`+30s\`, \`+2d\` | after the start of the launch; days keep the time of day |
| \`+7d 10:00\` | that time of day, seven days after the start |`;

/** Markdown, one line for every key. */
export function planReference(): string {
  const all = rowsBelow(rawSchema(), '');
  const check = all.find(({ key }) => key === CHECK)!;
  const criterion = 'items[].acceptance[].';
  const shown = all.filter(({ key }) => !isRepeated(key) && !key.startsWith(`${CHECK}.`));
  const sections = [
    `## The document\n\n${table(shown.filter(({ key }) => !key.startsWith(criterion)))}`,
    `\`gates.should\` and \`gates.nice\` have the keys of \`gates.must\`; an entry without \`item\` has the keys of a criterion\nas well. \`onVerdict.delay\` and \`onVerdict.noGo\` have those of \`onVerdict.go\`.`,
    `## A criterion\n\nIn \`items[].acceptance\`, \`launch.noGo\`, \`launch.postLaunch.criteria\`, and in gate entries that name no item. It has at\nmost one of \`check\`, \`attest\`, \`acknowledge\`, \`claim\`; with none it is met by the owners' word.\n\n${table(
      shown.filter(({ key }) => key.startsWith(criterion)),
      criterion
    )}`,
    `## Checks\n\n${checkTables(check.schema).join('\n\n')}`,
    ...notYetSection(),
  ];
  return `${[HEADING, ...sections].join('\n\n')}\n`;
}
