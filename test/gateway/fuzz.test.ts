import { request } from 'node:http';
import fc from 'fast-check';
import type { Board } from '../../domain/board';
import { fitting, near, type Schema } from '../support/from-schema';
import { ask, gatewayUrl, operatorToken } from '../support/gateway';
import { testStack, type TestStack } from '../support/test-stack';
import { until } from '../support/until';

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: Schema;
}
interface Operation {
  parameters?: Parameter[];
  requestBody?: { content: { 'application/json': { schema: Schema } } };
}
interface Request {
  path: string;
  query: string;
  headers: { [name: string]: string };
  body?: unknown;
}

const PLAN = `
version: 1
id: fuzzed
title: Fuzzed
timezone: UTC
launch: { at: +2h, finalPoll: 1m, authority: { roles: [manager], quorum: all } }
people: [ { id: ana, name: Ana, roles: [manager] }, { id: dev, name: Dev } ]
items: [ { id: ONE, kind: task, title: One, owners: [dev] }, { id: TWO, kind: decision, title: Two, owners: [ana], options: [ { id: a, title: A, opens: [] }, { id: b, title: B } ], ifSilent: escalate } ]
gates: { must: [ { item: ONE }, { item: TWO } ] }
`;
const RUNS = 40;
/** Ends the launch: what follows would meet nothing but that. */
const ENDING = 'cancel';

let stack: TestStack;
let base: string;
let operator: string;
let document: { paths: { [path: string]: { [method: string]: Operation } } };

/** Known ids as often as made-up ones, so that requests come through to what they are for. */
function valueOf({ name, in: place, schema }: Parameter): fc.Arbitrary<string> {
  const known: { [name: string]: string[] } = { id: ['fuzzed'], item: ['ONE', 'TWO', 'one'], criterion: ['done'] };
  const any = near(schema).map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
  const ids = known[name];
  const found = ids && place === 'path' ? fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...ids) }, any) : any;
  // What no program can put into a header is none of the gateway's business.
  return place === 'header' ? found.map((text) => text.replace(/[^\x20-\x7e]/g, '').trim()) : found;
}

/** Half a surrogate pair cannot be in an address. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '');
}

function requests(path: string, { parameters = [], requestBody }: Operation): fc.Arbitrary<Request> {
  const of = (place: Parameter['in'], all: boolean) => {
    const theirs = parameters.filter((each) => each.in === place);
    const values = Object.fromEntries(theirs.map((each) => [each.name, valueOf(each)]));
    return fc.record<{ [name: string]: string }>(values, { requiredKeys: all ? Object.keys(values) : [] });
  };
  const schema = requestBody?.content['application/json'].schema;
  const body = schema
    ? fc.oneof({ weight: 5, arbitrary: fitting(schema) }, { weight: 1, arbitrary: fc.jsonValue() })
    : fc.constant(undefined);
  return fc
    .tuple(of('path', true), of('query', false), of('header', false), body)
    .map(([inPath, query, headers, given]) => ({
      path: path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(wellFormed(inPath[name] ?? ''))),
      query: new URLSearchParams(
        Object.entries(query).map(([name, value]): [string, string] => [name, wellFormed(value)])
      ).toString(),
      headers,
      body: given,
    }));
}

/** The status alone: a stream of events never ends by itself. */
async function statusOf(method: string, { path, query, headers, body }: Request): Promise<number> {
  const abort = new AbortController();
  const response = await fetch(`${base}${path}${query && `?${query}`}`, {
    method: method.toUpperCase(),
    headers: {
      authorization: `Bearer ${operator}`,
      'x-act-as': 'ana',
      ...headers,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: abort.signal,
  });
  abort.abort();
  return response.status;
}

beforeAll(async () => {
  stack = await testStack();
  base = gatewayUrl(stack);
  operator = operatorToken(stack);
  expect((await ask(`${base}/api/launches`, { token: operator, body: { plan: PLAN } })).status).toBe(201);
  const { body } = await ask<typeof document>(`${base}/api/openapi.json`);
  document = body;
  await until('its items', async () => {
    const found = await ask<Board>(`${base}/api/launches/fuzzed/items/TWO`, { token: operator });
    return found.status === 200;
  });
});
afterAll(() => stack?.stop());

test('whatever is sent to whatever is described, the answer is never that the gateway failed', async () => {
  const tried: { [operation: string]: Set<number> } = {};
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const seen = (tried[`${method} ${path}`] = new Set<number>());
      await fc.assert(
        fc.asyncProperty(requests(path, operation), async (given) => {
          fc.pre((given.body as { type?: unknown } | undefined)?.type !== ENDING);
          const status = await statusOf(method, given);
          seen.add(status);
          expect(status).toBeLessThan(500);
        }),
        { numRuns: RUNS, endOnFailure: true }
      );
    }
  }
  // Not all was refused at the door: each way has been gone to its end.
  const through = Object.entries(tried).filter(([, seen]) => [200, 201, 204].some((status) => seen.has(status)));
  expect(through.length).toBeGreaterThan(Object.keys(tried).length * 0.6);
});

interface Raw {
  path: string;
  method?: string;
  headers?: { [name: string]: string };
  body?: string | Buffer;
}

/** As no library would send it. */
function raw({ path, method = 'POST', headers = {}, body = '' }: Raw): Promise<number> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(base);
    const asked = request(
      { hostname, port, path, method, headers: { authorization: `Bearer ${operator}`, 'x-act-as': 'ana', ...headers } },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      }
    );
    // A body that is too large is answered before all of it is sent.
    asked.on('error', reject);
    asked.end(body);
  });
}

const JSON_TYPE = { 'content-type': 'application/json' };
const COMMANDS = '/api/launches/fuzzed/commands';

test.each([
  ['no JSON', 400, { path: COMMANDS, headers: JSON_TYPE, body: '{"type":' }],
  ['nothing at all', 400, { path: COMMANDS, headers: JSON_TYPE, body: '' }],
  ['another type', 415, { path: COMMANDS, headers: { 'content-type': 'text/xml' }, body: '<a/>' }],
  [
    'a form, as another site could send it',
    415,
    { path: COMMANDS, headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'type=hold' },
  ],
  [
    'keys of the prototype',
    400,
    { path: COMMANDS, headers: JSON_TYPE, body: '{"type":"hold","reason":"x","__proto__":{"by":"ana"}}' },
  ],
  ['a deep nest', 400, { path: COMMANDS, headers: JSON_TYPE, body: '['.repeat(100_000) + ']'.repeat(100_000) }],
  [
    'a plan that is a deep nest',
    400,
    {
      path: COMMANDS,
      headers: JSON_TYPE,
      body: `{"type":"amend","reason":"x","plan":${'{"a":'.repeat(3_000)}1${'}'.repeat(3_000)}}`,
    },
  ],
  ['bytes that are no text', 400, { path: COMMANDS, headers: JSON_TYPE, body: Buffer.from([0xff, 0xfe, 0x00]) }],
  ['a path that cannot be decoded', 400, { path: '/api/launches/%ff%fe', method: 'GET' }],
  ['a NUL in a path', 400, { path: '/api/launches/%00', method: 'GET' }],
  ['the workflow of an item as a launch', 400, { path: '/api/launches/fuzzed%3Aitem%3AONE', method: 'GET' }],
  ['a path upwards', 404, { path: '/api/../../etc/passwd', method: 'GET' }],
  ['a very long id', 400, { path: `/api/launches/${'x'.repeat(5_000)}`, method: 'GET' }],
  ['a method that is none of it', 404, { path: COMMANDS, method: 'PATCH' }],
  ['a position beyond all', 400, { path: '/api/launches/fuzzed/facts?after=99999999999999999999', method: 'GET' }],
] as Array<[string, number, Raw]>)('%s is answered %i', async (_what, status, sent) => {
  expect(await raw(sent)).toBe(status);
});

test('a body that is too large is refused before it is read', async () => {
  const headers = { ...JSON_TYPE, 'content-length': '50000000' };
  const status = await raw({ path: COMMANDS, headers, body: '{' }).catch(() => 413);
  expect(status).toBe(413);
});

test('after all of that it still works', async () => {
  expect((await ask(`${base}/readyz`)).status).toBe(200);
  expect((await ask(`${base}/api/launches/fuzzed`, { token: operator })).status).toBe(200);
});
