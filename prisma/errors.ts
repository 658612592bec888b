/**
 * - `DATABASE_UNREACHABLE`: nobody answers, or the connection broke; trying again later can help by itself.
 * - `DATABASE_NOT_READY`: it answers, but is not set up for this application; somebody has to act, then it works.
 * - `MIGRATION_REFUSED`: the database's history of migrations is not one that this version can go on from.
 * - `FACT_REFUSED`: what was to be written can never be written.
 */
export type LedgerErrorCode = 'DATABASE_UNREACHABLE' | 'DATABASE_NOT_READY' | 'MIGRATION_REFUSED' | 'FACT_REFUSED';

/** The only error that `prisma/` throws on purpose. The message says where, what was found, and what to do. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';

  constructor(
    readonly code: LedgerErrorCode,
    message: string,
    options?: ErrorOptions
  ) {
    super(message, options);
  }
}

/** Conditions that end by themselves: `08` connection, `57P` shutdown and start-up, `53` out of resources, `40` conflict. */
const PASSING = /^(08|57P|53|40|55P03|57014|25P0[34])/;
/** Conditions that lie in the data: `22` value, `23` integrity, `54` beyond what the server can hold. */
const DATA = /^(22|23|54)/;
const BROKEN_SOCKETS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
/** Prisma's own: cannot reach, timed out, closed, pool or transaction timed out, conflict, too many connections. */
const PRISMA_PASSING = new Set(['P1001', 'P1002', 'P1008', 'P1011', 'P1017', 'P2024', 'P2028', 'P2034', 'P2037']);
/** Prisma's own: value too long, constraints, values that the column or the query cannot hold. */
const PRISMA_DATA = new Set([
  'P2000',
  'P2002',
  'P2003',
  'P2004',
  'P2005',
  'P2006',
  'P2007',
  'P2009',
  'P2011',
  'P2020',
  'P2033',
]);

interface Trace {
  codes: string[];
  texts: string[];
}

/** Codes and messages from an error down through its causes, wherever driver and client have put them. */
function trace(error: unknown, found: Trace = { codes: [], texts: [] }, depth = 0): Trace {
  if (typeof error !== 'object' || error === null || depth > 6) return found;
  const { code, originalCode, message, originalMessage, cause, meta } = error as Record<string, unknown>;
  for (const value of [code, originalCode]) if (typeof value === 'string') found.codes.push(value);
  for (const value of [originalMessage, message]) if (typeof value === 'string') found.texts.push(value);
  trace(cause, found, depth + 1);
  if (typeof meta === 'object' && meta !== null)
    trace((meta as Record<string, unknown>).driverAdapterError, found, depth + 1);
  return found;
}

function findLedgerError(error: unknown, depth = 0): LedgerError | undefined {
  if (error instanceof LedgerError) return error;
  if (typeof error !== 'object' || error === null || depth > 6) return undefined;
  return findLedgerError((error as { cause?: unknown }).cause, depth + 1);
}

/** Sorts whatever the driver or the client threw into the codes above; `what` was being done to `where`. */
export function toLedgerError(error: unknown, what: string, where: string): LedgerError {
  const known = findLedgerError(error);
  if (known) return known;
  const { codes, texts } = trace(error);
  const text =
    texts
      .map((line) => line.trim())
      .filter(Boolean)
      .pop() ?? String(error);
  const because = `${what} failed on ${where}: ${text}`;
  const passing = codes.some((code) => PASSING.test(code) || BROKEN_SOCKETS.has(code) || PRISMA_PASSING.has(code));
  if (
    passing ||
    texts.some((line) => /\bterminated|timeout exceeded|timed? ?out|not queryable|Can't reach/i.test(line))
  ) {
    return new LedgerError('DATABASE_UNREACHABLE', because, { cause: error });
  }
  if (codes.some((code) => (code.length === 5 && DATA.test(code)) || PRISMA_DATA.has(code))) {
    return new LedgerError('FACT_REFUSED', because, { cause: error });
  }
  return new LedgerError('DATABASE_NOT_READY', because, { cause: error });
}

/** Runs what asks the database and sorts what it throws; `what` is being done, `where` is the database in words. */
export type Attempt = <T>(what: string, run: () => Promise<T>) => Promise<T>;

export function attemptsAt(where: string): Attempt {
  return async (what, run) => {
    try {
      return await run();
    } catch (error) {
      throw toLedgerError(error, what, where);
    }
  };
}
