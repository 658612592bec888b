import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readConfig } from '../config';
import type { GatewayAccess } from '../client/gateway-calls';
import type { CommonOptions } from './command';
import { CliError, EXIT } from './failure';

/** By which way something is said: straight to Temporal as somebody, or by a gateway with a token. */
export type Way = { direct: true; by: string } | ({ direct: false } & GatewayAccess);

const TOKEN = /^[\w.~+/=-]{1,200}$/;

export function namedPerson({ as }: CommonOptions, env: NodeJS.ProcessEnv = process.env): string | undefined {
  return as ?? (env['LAUNCH_AS'] || undefined);
}

/** @throws CliError BAD_INPUT where nobody is named */
export function who(options: CommonOptions): string {
  const named = namedPerson(options);
  if (named) return named;
  throw new CliError('BAD_INPUT', 'Say who acts: --as PERSON, or set LAUNCH_AS.');
}

/** Never shows what was found: it may be a token that lacks a letter. */
function checkedToken(token: string, from: string): string {
  if (TOKEN.test(token)) return token;
  throw new CliError('BAD_INPUT', `${from} holds no token: one line, as 'launch token create' printed it.`);
}

function tokenInFile(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new CliError(
      'BAD_INPUT',
      `The token's file cannot be read: ${error instanceof Error ? error.message : error}`
    );
  }
  return checkedToken(text.trim(), file);
}

/** The token that whoever acts has of their own. A command line is for everybody on the machine to see, so never there. */
function ownToken({ tokenFile }: CommonOptions, env: NodeJS.ProcessEnv): string | undefined {
  if (tokenFile !== undefined) return tokenInFile(tokenFile);
  const { LAUNCH_TOKEN: token, LAUNCH_TOKEN_FILE: file } = env;
  if (token) return checkedToken(token.trim(), 'LAUNCH_TOKEN');
  return file ? tokenInFile(file) : undefined;
}

/** Whether whoever acts brings a token of their own. @throws CliError BAD_INPUT where it cannot be read */
export function hasOwnToken(options: CommonOptions, env: NodeJS.ProcessEnv = process.env): boolean {
  return ownToken(options, env) !== undefined;
}

/** @throws CliError BAD_INPUT; what is wrong may be a secret in it, so it is not repeated */
function addressOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (isPlain && /^https?:$/.test(url.protocol)) return url.href.replace(/\/+$/, '');
  const message =
    "The gateway is given as http://HOST:PORT or https://HOST, without anybody's name, password or token in it.";
  throw new CliError('BAD_INPUT', message);
}

/** The gateway of the data folder's stack, unless the environment names another Temporal than that stack's. */
async function stackGateway(data: string): Promise<string | undefined> {
  const [{ readStack }, { placeOf }] = await Promise.all([
    import('../stack/stack-file.js'),
    import('../client/connection.js'),
  ]);
  const stack = readStack(resolve(data));
  if (!stack?.gateway) return undefined;
  const { temporalAddress, temporalProfile, taskQueue } = readConfig();
  if (temporalAddress === undefined && temporalProfile === undefined) return stack.gateway.url;
  const { address, namespace } = placeOf({ taskQueue });
  const isSame = address === stack.temporal.address && namespace === stack.temporal.namespace;
  return isSame ? stack.gateway.url : undefined;
}

async function stackToken(data: string): Promise<string> {
  const { operatorTokenOf } = await import('../stack/operator-token.js');
  return operatorTokenOf(resolve(data));
}

function noGateway(data: string): CliError {
  const message = `No gateway is known: LAUNCH_GATEWAY is not set, and no stack with the Temporal that is asked runs in ${data}. Say where it is: --gateway URL; or start one: 'launch up', 'launch gateway'; or, if you can reach Temporal yourself, go there: --direct.`;
  return new CliError('UNREACHABLE', message, { exit: EXIT.unreachable });
}

function noToken(gateway: string): CliError {
  const message = `No token for the gateway at ${gateway}: set LAUNCH_TOKEN, or LAUNCH_TOKEN_FILE, or give --token-file FILE. 'launch token create PERSON' makes one.`;
  return new CliError('BAD_INPUT', message);
}

/**
 * How whoever acts reaches the launches: by the gateway that is named, else that of the data folder's stack, whose
 * operator's token is for that one alone.
 * @throws CliError BAD_INPUT where it is not said who acts, UNREACHABLE where no gateway is known
 */
export async function wayOf(options: CommonOptions, env: NodeJS.ProcessEnv = process.env): Promise<Way> {
  if (options.direct) return { direct: true, by: who(options) };
  const own = ownToken(options, env);
  const named = options.gateway ?? (env['LAUNCH_GATEWAY'] || undefined);
  // Nothing is looked for before it is clear who acts.
  if (own === undefined) who(options);
  const given = named === undefined ? undefined : addressOf(named);
  const isWhole = given !== undefined && own !== undefined;
  const ofStack = isWhole ? undefined : await stackGateway(options.data);
  const url = given ?? ofStack;
  if (url === undefined) throw noGateway(options.data);
  if (own === undefined && url !== ofStack) throw noToken(url);
  const actAs = namedPerson(options, env);
  const token = own ?? (await stackToken(options.data));
  return { direct: false, url, token, ...(actAs === undefined ? {} : { actAs }) };
}

/** Whether it is clear who acts, before anybody is asked for anything. @throws CliError BAD_INPUT */
export function mustBeNamed(options: CommonOptions, env: NodeJS.ProcessEnv = process.env): void {
  if (options.direct || !hasOwnToken(options, env)) who(options);
}
