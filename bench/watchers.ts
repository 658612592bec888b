import { request, type ClientRequest, type IncomingMessage } from 'node:http';

/** Before the number of a remark, so that it is found in what a page is sent without reading the rest. */
export const MARK = 'bench-remark-';
/** Longer than a mark with its number: what may stand across two chunks. */
const LONGEST_MARK = 32;
const NUMBER = new RegExp(`${MARK}(\\d+)\\.`, 'g');

/** A page that watches a launch: when it was told of each remark. */
export interface Watcher {
  /** Epoch ms with fractions, by the remark's number. */
  seenAt: Map<number, number>;
  /** Remarks that it was told more than once. */
  repeated(): number;
  bytes(): number;
  hasEnded(): boolean;
  close(): void;
}

export const now = (): number => performance.timeOrigin + performance.now();

async function opened(asked: ClientRequest): Promise<IncomingMessage> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    asked.on('response', resolve).on('error', reject).end();
  });
  if (response.statusCode !== 200) throw new Error(`a watcher was refused: ${response.statusCode}`);
  return response;
}

export async function watch(url: string, token: string): Promise<Watcher> {
  const asked = request(url, { headers: { authorization: `Bearer ${token}` }, agent: false });
  const response = await opened(asked);
  const seenAt = new Map<number, number>();
  let [bytes, repeated, hasEnded] = [0, 0, false];
  let rest = Buffer.alloc(0);
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    const whole = Buffer.concat([rest, chunk]);
    let read = Math.max(0, whole.length - LONGEST_MARK);
    const found = whole.includes(MARK) ? [...whole.toString('latin1').matchAll(NUMBER)] : [];
    for (const { 0: mark, 1: number, index } of found) {
      read = Math.max(read, index + mark.length);
      const n = Number(number);
      if (seenAt.has(n)) repeated++;
      else seenAt.set(n, now());
    }
    rest = Buffer.from(whole.subarray(read));
  });
  response.on('close', () => (hasEnded = true));
  asked.on('error', () => (hasEnded = true));
  const close = (): void => void asked.destroy();
  return { seenAt, repeated: () => repeated, bytes: () => bytes, hasEnded: () => hasEnded, close };
}
