const REPLACEMENT = '***';
/** Shorter pieces of an address are words like `health`, not secrets, and occur everywhere. */
const SECRET_PIECE_LETTERS = 8;

/** Makes a function that takes the secrets out of a text that somebody else has written. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const forms = secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]);
  // The longest first: a secret can hold another one.
  const known = [...new Set(forms)].filter((form) => form !== '').sort((a, b) => b.length - a.length);
  return (text) => known.reduce((left, secret) => left.split(secret).join(REPLACEMENT), text);
}

/** A header's value, and the credential in it without its scheme ("Bearer …"). */
export function secretsOfHeader(value: string): string[] {
  const [, ...credentials] = value.split(/\s+/);
  return [value, ...credentials];
}

/** Everything in an address that a stranger must not read: who may ask, and the keys in its path and query. */
export function secretsOfAddress(url: URL): string[] {
  const { username, password, pathname, searchParams, host } = url;
  const user = decodeURIComponent(username);
  const word = decodeURIComponent(password);
  const basic = user || word ? Buffer.from(`${user}:${word}`).toString('base64') : '';
  const pieces = pathname.split('/').filter((piece) => piece.length >= SECRET_PIECE_LETTERS);
  return [url.href, user, word, basic, host, ...pieces, ...searchParams.values()].filter((secret) => secret !== '');
}
