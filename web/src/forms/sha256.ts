import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** More does not fit into the page's memory on every machine, bytes. */
export const LARGEST_FILE = 256 * 1024 * 1024;

/** Of a file's content, in hex; the file itself is not sent anywhere. WebCrypto is there on encrypted pages and on this machine's own. */
export async function sha256Of(file: Blob): Promise<string> {
  const content = await file.arrayBuffer();
  const subtle = (crypto as Partial<Crypto>).subtle;
  return bytesToHex(subtle ? new Uint8Array(await subtle.digest('SHA-256', content)) : sha256(new Uint8Array(content)));
}
