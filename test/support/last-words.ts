/** What is worth knowing when a test has failed, as it is then. */
export type LastWord = () => Promise<string>;

declare global {
  var lastWords: Set<LastWord> | undefined;
}

/** Is asked when a test of this file fails, until the returned function is called. */
export function atFailure(say: LastWord): () => void {
  const words = (globalThis.lastWords ??= new Set());
  words.add(say);
  return () => void words.delete(say);
}
