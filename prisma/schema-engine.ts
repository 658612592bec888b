import { readFileSync } from 'node:fs';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, DriverAdapterError } from '@prisma/driver-adapter-utils';
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import type { SchemaEngine } from '@prisma/schema-engine-wasm';
import pg from 'pg';
import { connectionConfig } from './connection';

/** `WebAssembly` is a global of Node that only the DOM's types describe. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: Record<string, object>) => { exports: unknown };
};

interface EngineExports {
  __wbindgen_start(): void;
}

/** Where the engine says why it panicked, before it stops with a bare `unreachable`. */
declare global {
  var PRISMA_WASM_PANIC_REGISTRY: { set_message(message: string): void } | undefined;
}

/** What the typings of the bindings leave out. */
interface EngineBindings {
  __wbg_set_wasm(exports: EngineExports): void;
}

/**
 * The engine gives itself ten seconds for its lock and leaves that timer running when it has it, which would hold the
 * process open for as long. The names of imports end in a hash.
 */
function imports(): object {
  const isTimer = (name: string): boolean => name.startsWith('__wbg_setTimeout_');
  const start = (run: () => void, ms: number): NodeJS.Timeout => setTimeout(run, ms).unref();
  return Object.fromEntries(Object.entries(bindings).map(([name, value]) => [name, isTimer(name) ? start : value]));
}

let ready = false;

/** The package's own entry imports the .wasm file as a module, which Node does not do: it is instantiated by hand. */
function instantiate(): void {
  if (ready) return;
  globalThis.PRISMA_WASM_PANIC_REGISTRY = {
    set_message(message) {
      throw new Error(`Prisma's schema engine failed: ${message}`);
    },
  };
  const bytes = readFileSync(require.resolve('@prisma/schema-engine-wasm/schema_engine_bg').replace(/\.js$/, '.wasm'));
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { './schema_engine_bg.js': imports() });
  const exports = instance.exports as EngineExports;
  (bindings as unknown as EngineBindings).__wbg_set_wasm(exports);
  exports.__wbindgen_start();
  ready = true;
}

/**
 * The adapter splits a script at each semicolon, also inside `DO $$ … $$`, comments and texts, and runs the parts on
 * whatever connections are free. Here a script is one query, as the binary engine sends it: whole, on one connection,
 * and in one transaction.
 */
function wholeScripts(factory: PrismaPg): SqlMigrationAwareDriverAdapterFactory {
  const whole = (adapter: Awaited<ReturnType<PrismaPg['connect']>>) => {
    adapter.executeScript = async (script) => {
      await adapter.underlyingDriver().query(script).catch(rethrowForEngine);
    };
    return adapter;
  };
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => whole(await factory.connect()),
    connectToShadowDb: async () => whole(await factory.connectToShadowDb()),
  };
}

/** The engine understands errors of this shape and shows nothing of others. */
function rethrowForEngine(error: unknown): never {
  if (!(error instanceof pg.DatabaseError)) throw error;
  const { code = 'XX000', severity = 'ERROR', message, detail, column, hint } = error;
  throw new DriverAdapterError({ kind: 'postgres', code, severity, message, detail, column, hint });
}

/**
 * Runs `use` with Prisma's own schema engine, in this process: the one that `prisma migrate` downloads as a binary,
 * compiled to WebAssembly. Migrations run by either are interchangeable. `datamodels` are schemas, where `use` wants one.
 */
export async function withSchemaEngine<T>(
  databaseUrl: string,
  use: (engine: SchemaEngine) => Promise<T>,
  datamodels?: Array<[path: string, content: string]>
): Promise<T> {
  instantiate();
  const pool = new pg.Pool(connectionConfig(databaseUrl));
  pool.on('error', () => {}); // a connection lost between two queries fails the next one, with a better message
  try {
    const adapter = bindMigrationAwareSqlAdapterFactory(wholeScripts(new PrismaPg(pool)));
    const engine = await bindings.SchemaEngine.new({ datamodels }, () => {}, adapter);
    try {
      return await use(engine);
    } finally {
      engine.free();
    }
  } finally {
    await pool.end();
  }
}
