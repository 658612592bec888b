/**
 * The worker's configuration file: what the checks and channels of plans may reach (`checks`), and the mail server that
 * email goes by (`mail`). One YAML or JSON document; everything in it is optional.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import type { Access, AllowedCommand, AllowedMcpServer } from '../activities/checks/access';
import { publicAccess } from '../activities/checks/access';
import { ConfigError } from '../config';
import { knownKeys, toFindings } from '../plan/issues';
import { parseSource, type Source } from '../plan/parse';
import { formatProblem } from '../plan/problem';
import { id, pattern } from '../plan/schema/scalars';

/** Read when no file is named and one of this name stands in the working directory. */
const DEFAULT_CONFIG = 'launch-director.yaml';

const HOST_NAME = /^(\*\.)?[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?$/;
const { IPv4, IPv6 } = ipaddr;
/** Whole addresses in decimal only: `10/8` would be 0.0.0.10/8, and `010.0.0.0/8` the octal 8.0.0.0/8. */
const isAddressRule = (rule: string): boolean =>
  IPv4.isValidFourPartDecimal(rule) ||
  IPv4.isValidCIDRFourPartDecimal(rule) ||
  (!rule.includes('%') && (IPv6.isValid(rule) || IPv6.isValidCIDR(rule)));
const isHostRule = (rule: string): boolean => isAddressRule(rule) || (HOST_NAME.test(rule) && !ipaddr.isValid(rule));

const text = z.string({ error: 'a text' }).min(1, { error: 'at least one letter' });
const setting = z.union([text, z.strictObject({ env: text })], { error: 'a text, or { env: NAME }' });
const settings = z.record(z.string(), setting, { error: 'texts, or { env: NAME }, by name' });
const folder = text.optional().describe('Folder it runs in; relative to this file.');

const command = z.strictObject({
  run: text.describe('The program: a path, or a name that is found on the PATH.'),
  args: z
    .array(z.union([text, z.strictObject({ matches: pattern })], { error: 'a text, or { matches: PATTERN }' }))
    .optional()
    .describe('What its arguments must be, one for one; a pattern (RE2) fits a whole argument.'),
  folder,
  env: settings.optional().describe('Variables it sees besides PATH, HOME and LANG.'),
});

const mcpServer = z.union(
  [
    z.strictObject({ url: setting, headers: settings.optional() }),
    z.strictObject({ run: text, args: z.array(z.string()).optional(), folder, env: settings.optional() }),
  ],
  { error: '{ url, headers } of a server that runs, or { run, args, folder, env } of one that is started' }
);

const checks = z.strictObject({
  hosts: z
    .array(z.string().refine(isHostRule, { error: 'a host name, *.a.host.name, an IP address or a CIDR' }))
    .optional(),
  allowLocal: z.boolean({ error: 'true or false' }).optional(),
  root: text.optional(),
  env: z
    .array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*\*?$/, { error: 'the name of a variable, or CHECK_* for many' }))
    .optional(),
  commands: z.record(id, command).optional(),
  databases: z.record(id, z.strictObject({ url: setting })).optional(),
  mcpServers: z.record(id, mcpServer).optional(),
});
type Checks = z.infer<typeof checks>;

const mail = z.strictObject({
  url: setting.refine((value) => typeof value !== 'string' || /^smtps?:\/\/./.test(value), {
    error: 'smtp://USER:PASSWORD@HOST:PORT or smtps://…, best as { env: NAME }',
  }),
  from: z
    .string({ error: 'a text' })
    .regex(/^[^\r\n<>]*<?[^\s<>@]+@[^\s<>@]+>?$/, { error: 'a sender like "Launch <launch@example.com>"' }),
});
/** A key without a value, and a file of comments, say nothing. */
const document = z.strictObject({ checks: checks.nullish(), mail: mail.nullish() }).nullable();

/** One line for each thing that is wrong, with its place in the file. */
function problemsOf(source: Source, { issues }: z.ZodError): string[] {
  return issues
    .flatMap((issue) => toFindings(issue, source.value))
    .map((finding) => formatProblem(source.locate({ ...finding, code: 'BAD_CONFIG' })));
}

function byName<Given, Value>(given: { [name: string]: Given } | undefined, to: (value: Given) => Value) {
  return Object.fromEntries(Object.entries(given ?? {}).map(([name, value]) => [name, to(value)]));
}

function commandOf(given: z.infer<typeof command>, base: string): AllowedCommand {
  const { run, args = [], env = {} } = given;
  const isPath = run.includes('/') || run.includes('\\');
  return {
    run: isPath ? resolve(base, run) : run,
    args,
    folder: resolve(base, given.folder ?? '.'),
    env,
  };
}

function serverOf(given: z.infer<typeof mcpServer>, base: string): AllowedMcpServer {
  if ('url' in given) return { url: given.url, headers: given.headers ?? {} };
  const { run, folder: where, env } = given;
  return { ...commandOf({ run, folder: where, env }, base), args: given.args ?? [] };
}

function toAccess(given: Checks, base: string): Access {
  return {
    // A single address is the network of that one.
    hosts: given.hosts?.map((rule) => (ipaddr.isValid(rule) ? ipaddr.parse(rule).toString() + suffixOf(rule) : rule)),
    allowLocal: given.allowLocal ?? false,
    root: given.root === undefined ? resolve('.') : resolve(base, given.root),
    env: given.env ?? [],
    commands: byName(given.commands, (each) => commandOf(each, base)),
    databases: given.databases ?? {},
    mcpServers: byName(given.mcpServers, (each) => serverOf(each, base)),
  };
}

const suffixOf = (ip: string): string => (ipaddr.IPv4.isValid(ip) ? '/32' : '/128');

function parseAccess(file: string): Access {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new ConfigError(`${file}: the configuration cannot be read (${code}). Correct --config or LAUNCH_CONFIG.`);
  }
  if (content.trim() === '') return toAccess({}, dirname(resolve(file)));
  const source = parseSource(content, file);
  if (source.problems.length > 0) throw new ConfigError(source.problems.map(formatProblem).join('\n'));
  const parsed = document.safeParse(source.value, { error: knownKeys });
  if (!parsed.success) throw new ConfigError(problemsOf(source, parsed.error).join('\n'));
  const access = toAccess(parsed.data?.checks ?? {}, dirname(resolve(file)));
  return { ...access, mail: parsed.data?.mail ?? undefined };
}

/** The configuration file that is read where none is named. */
export function defaultConfig(): string | undefined {
  return existsSync(DEFAULT_CONFIG) ? DEFAULT_CONFIG : undefined;
}

/**
 * What the checks of this worker may reach: what `file` says, else `launch-director.yaml` of the working directory, else
 * public addresses and the files of the working directory.
 * @throws ConfigError with one line for each thing that is wrong
 */
export function readAccess({ file, allowLocal = false }: { file?: string; allowLocal?: boolean }): Access {
  const found = file ?? defaultConfig();
  const access = found === undefined ? publicAccess(resolve('.')) : parseAccess(found);
  return allowLocal ? { ...access, allowLocal: true } : access;
}
