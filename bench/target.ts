import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface BenchTarget {
  /** Without a path. */
  url: string;
  /** What it answers from now on. */
  status: number;
  /** When each path was asked, epoch ms, in order. */
  asked: Map<string, number[]>;
  close(): void;
}

/** A web server on this machine that keeps when it was asked. */
export async function benchTarget(status: number): Promise<BenchTarget> {
  const asked: BenchTarget['asked'] = new Map();
  const server = createServer(({ url = '/' }, response) => {
    const times = asked.get(url);
    if (times) times.push(Date.now());
    else asked.set(url, [Date.now()]);
    response.writeHead(target.status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const target: BenchTarget = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    status,
    asked,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return target;
}
