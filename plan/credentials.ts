/** `author` and `authority` are no secrets, `authorization` is one. */
const CREDENTIAL = /auth(?!ors?$|orit)|token|secret|passw|pwd|cookie|session|credential|(api|access|private)[-_ ]?key/i;

/** Whether a header, or a key of a document, is named as those are whose values nobody else may see. */
export function namesCredential(name: string): boolean {
  return CREDENTIAL.test(name);
}
