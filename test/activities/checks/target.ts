import { readFileSync } from 'node:fs';
import http, { type RequestListener, type Server } from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';

/** A server on this machine that checks ask; ends with `close()`, whoever still hangs on it. */
export interface Target {
  url: string;
  /** Connections that are open now. */
  open: () => number;
  close: () => Promise<void>;
}

async function listen(server: Server | net.Server, scheme: string): Promise<Target> {
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket: net.Socket) => {
    sockets.add(socket);
    socket.on('error', () => {}); // whoever asked may hang up at any moment
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    open: () => sockets.size,
    close: () => {
      sockets.forEach((socket) => socket.destroy());
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

export function httpTarget(listener: RequestListener): Promise<Target> {
  return listen(http.createServer(listener), 'http');
}

const fixture = (name: string): string => path.join(__dirname, '../../fixtures/tls', name);

/** The authority that signed all of these but `self-signed`. */
export const AUTHORITY = fixture('ca-cert.pem');
/** When `trusted` ends, epoch ms. */
export const TRUSTED_UNTIL = Date.UTC(2125, 0, 1);

/** Presents one of the certificates of the fixtures: `trusted` is for this machine and valid, the others are not. */
export function secureTarget(
  certificate: 'trusted' | 'expired' | 'other-host' | 'self-signed',
  listener: RequestListener
): Promise<Target> {
  const [key, cert] = ['key', 'cert'].map((part) => readFileSync(fixture(`${certificate}-${part}.pem`)));
  return listen(https.createServer({ key, cert }, listener), 'https');
}

/** Answers each connection with raw bytes, HTTP or not, and what comes after them. */
export function rawTarget(answer: (socket: net.Socket) => void): Promise<Target> {
  const server = net.createServer((socket) => void socket.once('data', () => answer(socket)));
  return listen(server, 'http');
}
