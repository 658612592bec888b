import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A way to a Postgres that can be cut and mended: what goes through it is the real thing. */
export interface Breakable {
  url: string;
  /** Every connection breaks, and none can be made. */
  cut(): Promise<void>;
  mend(): Promise<void>;
}

export async function breakable(databaseUrl: string): Promise<Breakable> {
  const url = new URL(databaseUrl);
  const target = { host: url.hostname, port: Number(url.port) };
  const sockets = new Set<Socket>();
  const open = async (port: number): Promise<Server> => {
    const server = createServer((client) => {
      const there = connect(target);
      for (const [socket, other] of [
        [client, there],
        [there, client],
      ] as const) {
        sockets.add(socket);
        socket.on('error', () => other.destroy());
        socket.on('close', () => void (other.destroy(), sockets.delete(socket)));
        socket.pipe(other);
      }
    }).listen(port, '127.0.0.1');
    await once(server, 'listening');
    return server;
  };
  let server = await open(0);
  const { port } = server.address() as AddressInfo;
  Object.assign(url, { hostname: '127.0.0.1', port: String(port) });
  return {
    url: url.toString(),
    cut: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    mend: async () => void (server = await open(port)),
  };
}
