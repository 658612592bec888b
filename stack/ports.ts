import { createServer, type Server } from 'node:net';

const LOOPBACK = '127.0.0.1';

/**
 * One port for each entry: the preferred one if nothing listens there, else (or where none is preferred) one that the
 * system picks. All on the loopback address, no two alike. They are free when this returns, not reserved.
 */
export async function freePorts(preferred: ReadonlyArray<number | undefined>): Promise<number[]> {
  const servers: Server[] = [];
  try {
    for (const port of preferred) {
      servers.push(await listen(port ?? 0).catch(() => listen(0)));
    }
    return servers.map(portOf);
  } finally {
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}

export async function isPortFree(port: number): Promise<boolean> {
  const server = await listen(port).catch(() => undefined);
  if (!server) return false;
  await new Promise((resolve) => server.close(resolve));
  return true;
}

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => resolve(server));
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('a listening server has no address');
  return address.port;
}
