import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createSecureServer, type Http2SecureServer, type IncomingHttpHeaders } from 'node:http2';
import { connect as connectSocket, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { connect } from '../../client/connection';
import { compiled, projectRoot } from '../../stack/paths';
import { requireBuild } from '../support/built';
import { cleanEnv } from '../support/cli';
import { freshDatabase } from '../support/database';
import { killAll, ready, run } from '../support/programs';
import { devServer } from '../support/servers';
import { until } from '../support/until';

/** The profiles of docs/deploy.md, against a Temporal behind TLS that asks for a certificate, and one that reads keys. */
const tls = (file: string): string => join(projectRoot(), 'test', 'fixtures', 'tls', file);
const pem = (file: string): Buffer => readFileSync(tls(file));
const SERVER = { cert: pem('trusted-cert.pem'), key: pem('trusted-key.pem'), ca: pem('ca-cert.pem') };
const KEY = 'a-key-of-a-test';

let temporal: TestWorkflowEnvironment;
let guarded: Server;
let keyed: Http2SecureServer;
let folder: string;
let file: string;
const asked: IncomingHttpHeaders[] = [];
const open = new Set<Socket>();

async function listening(server: Server | Http2SecureServer): Promise<string> {
  (server as Server).on('connection', (socket: Socket) => {
    open.add(socket.on('close', () => open.delete(socket)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** As somebody would fill it in: addresses, files, the key. */
function filled(toml: string, addresses: { mtls: string; key: string }): string {
  const lines = toml.split('\n').map((line) => {
    if (line.startsWith('namespace')) return 'namespace = "default"';
    if (line.startsWith('api_key')) return `api_key = "${KEY}"`;
    if (line.startsWith('client_cert_path')) return `client_cert_path = "${tls('trusted-cert.pem')}"`;
    if (line.startsWith('client_key_path')) return `client_key_path = "${tls('trusted-key.pem')}"`;
    if (line.startsWith('# server_ca_cert_path')) return `server_ca_cert_path = "${tls('ca-cert.pem')}"`;
    return line;
  });
  return lines
    .join('\n')
    .replace(/address = ".*tmprl.*"/, `address = "${addresses.mtls}"`)
    .replace(/address = ".*api\.temporal.*"/, `address = "${addresses.key}"`);
}

beforeAll(async () => {
  temporal = await devServer();
  const [host = '', port = ''] = temporal.address.split(':');
  guarded = createTlsServer({ ...SERVER, requestCert: true, ALPNProtocols: ['h2'] }, (socket) => {
    const behind = connectSocket(Number(port), host);
    socket.on('error', () => behind.destroy()).on('close', () => behind.destroy());
    behind.on('error', () => socket.destroy());
    socket.pipe(behind).pipe(socket);
  });
  keyed = createSecureServer(SERVER, undefined);
  keyed.on('stream', (stream, headers) => {
    asked.push(headers);
    stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '16' }, { endStream: true });
  });
  const addresses = { mtls: await listening(guarded), key: await listening(keyed) };
  const guide = readFileSync(join(projectRoot(), 'docs', 'deploy.md'), 'utf8');
  const profiles = [...guide.matchAll(/^```toml\n([\s\S]*?)^```/gm)].map(([, text]) => filled(text ?? '', addresses));
  expect(profiles).toHaveLength(2);
  folder = mkdtempSync(join(tmpdir(), 'launch-profiles-'));
  file = join(folder, 'temporal.toml');
  writeFileSync(file, profiles.join('\n'));
});

afterAll(async () => {
  await killAll();
  await temporal?.teardown();
  for (const server of [guarded, keyed]) server?.close();
  for (const socket of open) socket.destroy();
  rmSync(folder, { recursive: true, force: true });
});

const settings = (profile: string, more = {}) => ({ TEMPORAL_CONFIG_FILE: file, TEMPORAL_PROFILE: profile, ...more });

test('a client comes in by its certificate, and without one does not', async () => {
  const connected = await connect({ taskQueue: 'profiles' }, settings('mtls'));
  const { capabilities } = await connected.client.workflowService.getSystemInfo({});
  expect(capabilities).toBeTruthy();
  await connected.close();

  const text = readFileSync(file, 'utf8').replace(/^client_.*$/gm, '');
  const without = join(folder, 'without.toml');
  writeFileSync(without, text);
  const refused = connect({ taskQueue: 'profiles' }, { TEMPORAL_CONFIG_FILE: without, TEMPORAL_PROFILE: 'mtls' });
  await expect(refused).rejects.toMatchObject({ code: 'UNREACHABLE' });
});

test('a worker too, and launch doctor finds it', async () => {
  requireBuild();
  const { url } = await freshDatabase();
  const env = cleanEnv(settings('mtls', { DATABASE_URL: url }));
  const command = [process.execPath, compiled('cli/index.js')];
  const worker = await ready(run([...command, 'worker'], { env }));
  const doctor = run([...command, 'doctor', '--json'], { env });
  expect({ code: await doctor.exit, said: doctor.output() }).toMatchObject({ code: 0 });
  worker.child.kill('SIGTERM');
  expect(await worker.exit).toBe(0);
});

test('a key is sent with each call, by TLS, that of the environment before that of the file', async () => {
  const ca = { TEMPORAL_TLS_SERVER_CA_CERT_PATH: tls('ca-cert.pem') };
  for (const [more, key] of [
    [ca, KEY],
    [{ ...ca, TEMPORAL_API_KEY: 'another' }, 'another'],
  ] as const) {
    asked.length = 0;
    await expect(connect({ taskQueue: 'profiles' }, settings('key', more))).rejects.toMatchObject({
      code: 'UNREACHABLE',
    });
    await until('a call', () => asked.length > 0);
    expect(asked[0]).toMatchObject({ authorization: `Bearer ${key}` });
  }
});
