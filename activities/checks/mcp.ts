import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type { Json } from '../../domain/plan';
import type { Expectation } from '../../plan/checks/operators';
import { mcpCheck, type McpCheck } from '../../plan/checks/mcp';
import { type Access, type AllowedMcpServer, named } from './access';
import type { CheckType } from './check-type';
import { environmentOf, untilAborted } from './child';
import { NotSet, settingOf } from './environment';
import { type Connection, loadSdk, type Sdk, Unclear } from './mcp-connection';
import { overHttp } from './mcp-http';
import { callTool, findTool, handshake, Refused, type Session } from './mcp-session';
import { overStdio } from './mcp-stdio';
import { evaluate } from './operators';
import { redactor, secretsOfAddress, secretsOfHeader } from './redact';
import type { CheckContext, CheckResult, Finding } from './result';
import { CannotRun, failed, inconclusive, passed, quoted, worstOf } from './result';
import { jsonFindings, parseJson, textSubject, unlessEmpty } from './text-findings';

type Redact = (text: string) => string;

/** A header that the configuration holds as it is may be a word that occurs everywhere; a longer one may be a key. */
const SECRET_HEADER_LETTERS = 8;

const serverOf = (name: string, access: Access) =>
  named(access.mcpServers, name, { one: 'MCP server', key: 'mcpServers' });

function refusals({ server }: McpCheck, access: Access): string[] {
  const found = serverOf(server, access);
  return 'refused' in found ? [found.refused] : [];
}

interface Prepared {
  connect: (sdk: Sdk) => Promise<Connection>;
  redact: Redact;
}

function addressOf(server: Extract<AllowedMcpServer, { url: unknown }>, context: CheckContext): URL {
  const address = settingOf(server.url, context);
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new CannotRun("has no http or https address; correct its `url` in the worker's configuration");
}

function prepareHttp(server: Extract<AllowedMcpServer, { url: unknown }>, context: CheckContext): Prepared {
  const url = addressOf(server, context);
  const secrets = secretsOfAddress(url);
  const headers: { [name: string]: string } = {};
  for (const [name, setting] of Object.entries(server.headers)) {
    const value = settingOf(setting, context);
    const secret = typeof setting === 'object' || value.length >= SECRET_HEADER_LETTERS;
    if (secret) secrets.push(...secretsOfHeader(value));
    headers[name] = value;
  }
  try {
    new Headers(headers);
  } catch {
    throw new CannotRun("has a header that cannot be one; correct its `headers` in the worker's configuration");
  }
  return { connect: async (sdk) => overHttp(url, headers, sdk), redact: redactor(secrets) };
}

function prepare(server: AllowedMcpServer, context: CheckContext): Prepared {
  if ('url' in server) return prepareHttp(server, context);
  const { env, secrets } = environmentOf(server.env, context);
  const stdio = { input: 'pipe', output: 'pipe', errorOutput: 'ignore' } as const;
  const program = { run: server.run, args: server.args, folder: server.folder, env, stdio };
  return { connect: (sdk) => overStdio(program, context.signal, sdk), redact: redactor(secrets) };
}

/** Whether there is any value in it at all: empty lists in an object are none. */
function holdsSomething(json: Json): boolean {
  const left: Json[] = [json];
  while (left.length > 0) {
    const value = left.pop()!;
    if (typeof value === 'string' ? value.trim() !== '' : value !== null && typeof value !== 'object') return true;
    if (value !== null && typeof value === 'object') {
      for (const inner of Object.values(value)) left.push(inner);
    }
  }
  return false;
}

/** What a tool returned, as far as it is looked at. */
interface Returned {
  texts: string[];
  structured: Json | undefined;
  /** Images, sounds, resources. */
  others: number;
}

function returnedBy({ content, structuredContent }: CallToolResult): Returned {
  const texts = content.flatMap((block) => (block.type === 'text' ? [block.text] : []));
  return { texts, structured: structuredContent as Json | undefined, others: content.length - texts.length };
}

/** Without an expectation: that there is something. Structured content is what counts where there is any. */
function anythingFinding({ texts, structured, others }: Returned, redact: Redact): Finding {
  const something =
    structured === undefined
      ? others > 0 || texts.some((text) => holdsSomething(parseJson(text)?.json ?? text))
      : holdsSomething(structured);
  if (!something) return failed('returned nothing');
  const text = texts.join('\n');
  return passed(text === '' ? 'returned something' : `returned ${quoted(redact(text))}`);
}

function valueFindings(
  returned: Returned,
  expected: NonNullable<McpCheck['expect']>['json'],
  redact: Redact
): Finding[] {
  if (!expected) return [];
  const { structured, texts } = returned;
  const first = texts[0];
  const parsed = structured === undefined ? first !== undefined && parseJson(first) : { json: structured };
  if (parsed) return jsonFindings(parsed.json, expected, redact);
  const found = first === undefined ? 'it holds neither structured content nor a text' : 'its text is not JSON';
  return [inconclusive(`${found}, ${quoted(redact(texts.join('\n')))}`)];
}

function textFinding(text: string | undefined, expected: Expectation, shown: string | undefined): Finding {
  return evaluate(expected, textSubject('its text', text === undefined ? text : unlessEmpty(text, expected), shown));
}

function resultFinding(result: CallToolResult, check: McpCheck, redact: Redact): Finding {
  const returned = returnedBy(result);
  const text = returned.texts.length > 0 ? returned.texts.join('\n') : undefined;
  const shown = text === undefined ? undefined : quoted(redact(text));
  const of = `called ${quoted(check.tool)}`;
  if (result.isError) return failed(`${of}, which returned an error: ${shown ?? 'without a text'}`);
  if (!check.expect) {
    const { outcome, seen } = anythingFinding(returned, redact);
    return { outcome, seen: `${of}, which ${seen}` };
  }
  const findings = [
    ...(check.expect.text ? [textFinding(text, check.expect.text, shown)] : []),
    ...valueFindings(returned, check.expect.json, redact),
  ];
  const outcome = worstOf(findings);
  const told = findings.filter((finding) => outcome === 'passed' || finding.outcome !== 'passed');
  return { outcome, seen: `${of}: ${told.map(({ seen }) => seen).join(', ')}` };
}

async function talk(check: McpCheck, session: Session): Promise<Finding> {
  await handshake(session);
  await findTool(session, check.tool);
  if (check.call === false) return passed(`lists the tool ${quoted(check.tool)}`);
  return resultFinding(await callTool(session, check.tool, check.arguments), check, session.redact);
}

async function look(check: McpCheck, server: AllowedMcpServer, context: CheckContext): Promise<Finding> {
  const { signal } = context;
  const { connect, redact } = prepare(server, context);
  const sdk = await loadSdk();
  const client = new sdk.Client({ name: 'launch-director', version: '1' });
  const connection = await connect(sdk);
  try {
    return await talk(check, { sdk, client, connection, signal, redact });
  } catch (error) {
    if (error instanceof Refused) return failed(error.message);
    if (error instanceof Unclear) return inconclusive(error.message);
    throw error;
  } finally {
    await untilAborted(connection.close(), signal);
  }
}

async function runMcp(check: McpCheck, context: CheckContext): Promise<CheckResult> {
  const label = `MCP server ${quoted(check.server)}`;
  const found = serverOf(check.server, context.access);
  if ('refused' in found) throw new CannotRun(found.refused);
  const { outcome, seen } = await look(check, found.value, context).catch((error: unknown) => {
    if (!(error instanceof CannotRun)) throw error;
    throw new CannotRun(`${label}${error instanceof NotSet ? ':' : ''} ${error.message}`);
  });
  return { outcome, seen: `${label} ${seen}` };
}

export const mcp: CheckType<McpCheck> = {
  schema: mcpCheck,
  refusals,
  shares: ({ server }) => `the MCP server ${quoted(server)}`,
  run: runMcp,
};
