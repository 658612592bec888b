import type { Connection } from '@temporalio/client';

/** How long the server may take until an attribute it accepted can be used. */
const APPEARS_WITHIN_MS = 15_000;
const CALL_DEADLINE_MS = 10_000;
const POLL_MS = 100;

export type SearchAttributeType = 'Keyword' | 'KeywordList' | 'Int' | 'Datetime';

/**
 * What launches and items are found by in Temporal's list. A server without advanced visibility of its own keeps at
 * most 10 Keywords and 3 of each other type per namespace, so a new one is not free.
 */
export const SEARCH_ATTRIBUTES: Readonly<Record<string, SearchAttributeType>> = {
  LaunchId: 'Keyword',
  LaunchPhase: 'Keyword',
  LaunchVerdict: 'Keyword',
  LaunchAt: 'Datetime',
  MustOpen: 'Int',
  ItemId: 'Keyword',
  ItemKind: 'Keyword',
  ItemStatus: 'Keyword',
  ItemPriority: 'Keyword',
  ItemOwners: 'KeywordList',
};

/** The numbers of temporal.api.enums.v1.IndexedValueType, part of the wire format. */
export const TYPE_CODES: Readonly<Record<SearchAttributeType, number>> = {
  Keyword: 2,
  Int: 3,
  Datetime: 6,
  KeywordList: 7,
};

/** The namespace lacks search attributes and they could not be added; every workflow would block on them. */
export class SearchAttributesMissingError extends Error {
  readonly code = 'SEARCH_ATTRIBUTES_MISSING';
}

/** What the namespace lacks, and what it has under our name with another type. */
export interface SearchAttributeGap {
  missing: string[];
  wrongType: string[];
}

export async function findSearchAttributeGap(connection: Connection, namespace: string): Promise<SearchAttributeGap> {
  const { customAttributes } = await withDeadline(connection, () =>
    connection.operatorService.listSearchAttributes({ namespace })
  );
  const names = Object.keys(SEARCH_ATTRIBUTES);
  return {
    missing: names.filter((name) => customAttributes[name] === undefined),
    wrongType: names.filter((name) => {
      const found = customAttributes[name];
      return found !== undefined && found !== TYPE_CODES[typeOf(name)];
    }),
  };
}

/**
 * Registers the missing search attributes and returns when the server lists them all. Safe to call from several
 * workers at once, and cheap when nothing is missing.
 * @throws SearchAttributesMissingError with the commands that register them
 */
export async function ensureSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const gap = await findSearchAttributeGap(connection, namespace);
  if (gap.wrongType.length > 0) throw wrongType(gap.wrongType, namespace);
  if (gap.missing.length === 0) return;

  const refusal = await addSearchAttributes(connection, namespace, gap.missing);
  const deadline = Date.now() + (refusal ? 0 : APPEARS_WITHIN_MS);
  for (;;) {
    const { missing } = await findSearchAttributeGap(connection, namespace);
    if (missing.length === 0) return;
    if (Date.now() >= deadline) throw stillMissing(missing, namespace, refusal);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Returns why the server refused, if it did: someone else may have added them meanwhile, which is as good. */
async function addSearchAttributes(
  connection: Connection,
  namespace: string,
  names: string[]
): Promise<string | undefined> {
  const searchAttributes = Object.fromEntries(names.map((name) => [name, TYPE_CODES[typeOf(name)]]));
  try {
    await withDeadline(connection, () =>
      connection.operatorService.addSearchAttributes({ namespace, searchAttributes })
    );
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function typeOf(name: string): SearchAttributeType {
  return SEARCH_ATTRIBUTES[name] ?? 'Keyword';
}

function withDeadline<T>(connection: Connection, call: () => Promise<T>): Promise<T> {
  return connection.withDeadline(Date.now() + CALL_DEADLINE_MS, call);
}

function wrongType(names: string[], namespace: string): SearchAttributesMissingError {
  const wanted = names.map((name) => `${name} must be ${typeOf(name)}`).join(', ');
  return new SearchAttributesMissingError(
    `Namespace '${namespace}' has search attributes of another type: ${wanted}. Use another namespace, or remove them first:\n` +
      names
        .map((name) => `  temporal operator search-attribute remove --namespace ${namespace} --name ${name}`)
        .join('\n')
  );
}

function stillMissing(names: string[], namespace: string, refusal?: string): SearchAttributesMissingError {
  const why = refusal ? `could not be registered (${refusal})` : 'were accepted but did not appear';
  const commands = names.map(
    (name) =>
      `  temporal operator search-attribute create --namespace ${namespace} --name ${name} --type ${typeOf(name)}`
  );
  return new SearchAttributesMissingError(
    `Namespace '${namespace}' lacks search attributes that ${why}. Every workflow would wait for them. Register them:\n${commands.join('\n')}`
  );
}
