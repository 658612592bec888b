/** A workaround: there is no table of facts yet. */
export async function factsFromLogs(shop: string, kind: string): Promise<unknown[]> {
  throw new Error(`no facts of ${shop} about ${kind}: the logs are gone`);
}
