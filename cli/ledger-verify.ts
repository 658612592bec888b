import type { KeptHead } from '../domain/ledger-chain';
import { collect, command, type Context } from './command';
import { CliError, EXIT, failureOf } from './failure';
import { isSound, ledgerAnswer, ledgerLines } from './ledger-report';
import { clean } from './text';

interface Options {
  expect?: string[];
  file?: string;
  databaseOnly?: boolean;
}

/** `HASH`, `HASH@NUMBER` or, as the ledger's heads are printed, `NUMBER:HASH`. @throws CliError BAD_INPUT */
export function readExpected(text: string): KeptHead {
  const found = /^(?:(?<before>\d{1,9}):)?(?<hash>[0-9a-f]{64})(?:@(?<after>\d{1,9}))?$/i.exec(text.trim())?.groups;
  const { before, hash, after } = found ?? {};
  if (hash === undefined || (before !== undefined && after !== undefined)) {
    const message = `'${clean(text)}' is no head of a ledger: expected HASH, NUMBER:HASH or HASH@NUMBER, the hash being 64 hexadecimal digits`;
    throw new CliError('BAD_INPUT', message);
  }
  const number = before ?? after;
  return { hash: hash.toLowerCase(), from: '--expect', ...(number !== undefined && { number: Number(number) }) };
}

interface Kept {
  heads: Map<string, KeptHead[]>;
  /** Why Temporal could not be asked, of one launch at least. */
  unasked?: string;
}

/** What Temporal keeps of each launch, and of those that only Temporal knows, unless one is named. */
async function keptInTemporal({ session }: Context<Options>, known: readonly string[], one?: string): Promise<Kept> {
  const kept: Kept = { heads: new Map() };
  const note = (error: unknown) => void (kept.unasked ??= failureOf(error).failure.message);
  await session(async ({ launches: asked }) => {
    const all = one === undefined ? await asked.list({ all: true, limit: Infinity }).catch(note) : undefined;
    for (const launch of new Set([...known, ...(all ?? []).map(({ id }) => id)])) {
      const found = await asked.ledgerHeads(launch).catch(note);
      if (found?.unasked !== undefined) note(found.unasked);
      if (found && found.heads.length > 0) kept.heads.set(launch, found.heads);
    }
  }).catch(note);
  return kept;
}

async function verifyFile({ say, answer, style }: Context<Options>, file: string, expected: KeptHead[]) {
  const { verifyLedgerFile } = await import('../stack/ledger-file.js');
  const report = await verifyLedgerFile(file, expected);
  for (const line of ledgerLines(report, style)) say(line);
  answer({ ok: isSound(report), ledgers: [ledgerAnswer(report)] });
  return isSound(report) ? EXIT.done : EXIT.refused;
}

async function verifyDatabase(context: Context<Options>, launch: string | undefined, expected: KeptHead[]) {
  const { options, say, answer, style } = context;
  const { ledgerLaunches, verifyLedgers } = await import('../stack/ledger.js');
  const known = await ledgerLaunches(options.data);
  const asked = launch === undefined ? known : [launch];
  // Asked before the database is read: what comes in meanwhile is then in both.
  const { heads, unasked }: Kept = options.databaseOnly
    ? { heads: new Map() }
    : await keptInTemporal(context, asked, launch);
  const wanted = [...new Set([...asked, ...heads.keys()])].map((each) => ({
    launch: each,
    kept: [...(heads.get(each) ?? []), ...expected],
  }));
  const first = wanted[0];
  if (launch !== undefined && !known.includes(launch) && first?.kept.length === 0) {
    throw new CliError(
      'NOT_FOUND',
      `the ledger has nothing of a launch '${clean(launch)}', and nobody knows that it had`
    );
  }
  const reports = await verifyLedgers(options.data, wanted);
  for (const line of reports.flatMap((report) => ledgerLines(report, style))) say(line);
  if (reports.length === 0) say('The ledger has no launch.');
  if (unasked) say(`Temporal was not asked what it keeps: ${clean(unasked)}`);
  const ok = reports.every(isSound);
  answer({ ok, unasked: unasked ?? null, ledgers: reports.map(ledgerAnswer) });
  if (!ok) return EXIT.refused;
  return unasked !== undefined && expected.length === 0 ? EXIT.unreachable : EXIT.done;
}

export const ledgerVerify = () =>
  command<Options>(
    'verify [launch]',
    {
      summary: 'whether the ledger is as it was written, of all launches or of one, and who vouches for it how far',
      examples: [
        'launch ledger verify',
        'launch ledger verify storefront-2 --expect 412:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
        'launch ledger verify --file storefront-2.jsonl',
      ],
    },
    async (context, [launch]) => {
      const { expect = [], file } = context.options;
      const expected = expect.map(readExpected);
      if (file !== undefined && launch !== undefined)
        throw new CliError('BAD_INPUT', 'An exported file says itself of which launch it is: leave the launch out.');
      if (file !== undefined) return await verifyFile(context, file, expected);
      if (expected.length > 0 && launch === undefined)
        throw new CliError(
          'BAD_INPUT',
          'Say of which launch the expected head is: launch ledger verify LAUNCH --expect …'
        );
      return await verifyDatabase(context, launch, expected);
    }
  )
    .option('--expect <head>', 'a head that was kept elsewhere; may be given several times', collect)
    .option('--file <file>', "an exported ledger instead of the database's")
    .option('--database-only', 'do not ask Temporal what it keeps');
