/**
 * Builds the project into dist/: Prisma's client, TypeScript, the workflow bundle, the page. Each step is left out when its
 * sources are those of the last time, so that calling it before everything costs nothing.
 *
 *   node tools/build.mjs            build
 *   node tools/build.mjs --types    only check the types, tests included
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const NOT_SOURCES = new Set(['node_modules', 'dist', 'web', 'test', 'docs', 'tools', 'playground', 'generated']);

/** Builds what is out of date. Says what it does only when it does something. Returns the exit code. */
export function build() {
  return (
    step('prisma', ['prisma/schema.prisma', 'package-lock.json'], generateClient) ||
    step(
      'typescript',
      ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json', ...sources(root, '.ts')],
      compile
    ) ||
    bundle() ||
    page()
  );
}

/** Checks the types of everything, tests included. Returns the exit code. */
export function checkTypes() {
  const generated = step('prisma', ['prisma/schema.prisma', 'package-lock.json'], generateClient);
  const check = (project) => run(tool('typescript', 'tsc'), ['--noEmit', '-p', project]);
  return generated || check('tsconfig.json') || check('web/tsconfig.json');
}

function generateClient() {
  // `generate` looks for an engine binary that it does not need and that a registry-only network does not have:
  // pointing it at any program that exists keeps it from downloading one.
  const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1' };
  return run(tool('prisma', 'prisma'), ['generate'], { env, quiet: true });
}

function compile() {
  return run(tool('typescript', 'tsc'), ['-p', 'tsconfig.build.json']);
}

/** `worker/bundle.ts`, run as a program, writes the bundle that workers load instead of bundling at every start. */
function bundle() {
  const program = join(root, 'dist', 'worker', 'bundle.js');
  if (!existsSync(program)) return 0;
  const inputs = ['package-lock.json', ...['worker', 'workflows', 'domain'].flatMap(compiledIn)];
  return step('bundle', inputs, () => run(program, [], { quiet: true }));
}

/** The control room, which the gateway serves. Of the rest of the project it holds rules of domain/ alone. */
function page() {
  const inputs = [
    'package-lock.json',
    ...sources(root, '.ts').filter((file) => file.startsWith('domain')),
    ...pageFiles(),
  ];
  // Whoever builds may be a test: the page is the same.
  const env = { ...process.env, NODE_ENV: 'production' };
  const build = () => run(tool('vite', 'vite'), ['build', '--config', 'web/vite.config.mjs'], { env, quiet: true });
  return step('page', inputs, build);
}

function pageFiles(below = 'web') {
  return readdirSync(join(root, below), { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? pageFiles(join(below, entry.name)) : [join(below, entry.name)]))
    .sort();
}

function compiledIn(folder) {
  return sources(join(root, 'dist', folder), '.js').map((file) => join('dist', folder, file));
}

/** Runs `work` unless its inputs are as they were when it last succeeded. */
function step(name, inputs, work) {
  const stampFile = join(root, 'dist', `.${name}.stamp`);
  const stamp = fingerprint(inputs);
  const made = { prisma: 'prisma/generated', page: 'dist/web/index.html' }[name] ?? '.';
  if (existsSync(join(root, made)) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return 0;
  const startedAt = Date.now();
  process.stderr.write(`Building: ${name} … `);
  const code = work();
  process.stderr.write(code === 0 ? `${((Date.now() - startedAt) / 1000).toFixed(1)} s\n` : 'failed\n');
  if (code === 0) {
    mkdirSync(dirname(stampFile), { recursive: true });
    writeFileSync(stampFile, stamp);
  }
  return code;
}

function fingerprint(files) {
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  return hash.digest('hex');
}

/** Relative to `folder`, sorted. */
function sources(folder, suffix, below = '') {
  return readdirSync(join(folder, below), { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(below, entry.name);
      if (entry.isDirectory())
        return NOT_SOURCES.has(entry.name) || entry.name.startsWith('.') ? [] : sources(folder, suffix, path);
      return entry.name.endsWith(suffix) ? [path] : [];
    })
    .sort();
}

/** A dependency's program as a file for node, which needs neither a shell nor node_modules/.bin. */
function tool(name, program) {
  const manifest = join(root, 'node_modules', name, 'package.json');
  const { bin } = require(manifest);
  return join(dirname(manifest), typeof bin === 'string' ? bin : bin[program]);
}

function run(file, args, { env = process.env, quiet = false } = {}) {
  const stdio = ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], { cwd: root, env, stdio });
  if (status !== 0 && quiet) process.stderr.write(`\n${stdout}${stderr}`);
  return status ?? 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = process.argv.includes('--types') ? checkTypes() : build();
}
