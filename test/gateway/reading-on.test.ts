import { connect } from 'node:net';
import { listen, positionsIn, readEvents } from '../support/gateway';
import { gatewayAlone, MemoryLedger, OPERATOR_TOKEN, type GatewayAlone } from '../support/gateway-alone';
import { until } from '../support/until';

/** What readers are told of a launch, whenever they come and however fast they take it. */
let own: GatewayAlone | undefined;

afterEach(async () => {
  await own?.close();
  own = undefined;
});

const events = () => `${own!.url}/api/launches/shop/events`;
const token = OPERATOR_TOKEN;

describe('facts of 36 kB each', () => {
  const FACTS = 600;
  const written = (): MemoryLedger => {
    const ledger = new MemoryLedger();
    for (let n = 1; n <= FACTS; n++) ledger.write(n, 'x'.repeat(36_000));
    return ledger;
  };
  const ALL = Array.from({ length: FACTS }, (_, n) => String(n + 1));

  test('come in events of which each is soon taken, by pages that are no larger than what fits', async () => {
    const ledger = written();
    own = await gatewayAlone({}, { ledger });
    const reader = await listen(`${events()}?after=0`, { token });
    await until('all of them', () => positionsIn(reader.events).length >= FACTS);
    reader.close();
    expect(positionsIn(reader.events)).toEqual(ALL);
    const facts = reader.events.filter(({ event }) => event === 'facts');
    for (const { data } of facts) expect(JSON.stringify(data).length).toBeLessThan(300_000);
    expect(Math.max(...ledger.read)).toBeLessThanOrEqual(50);
  });

  test('a reader who takes it bit by bit is told all of it', async () => {
    own = await gatewayAlone({}, { ledger: written() });
    const socket = connect(own.port, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      socket.pause();
      setImmediate(() => socket.resume());
    });
    const head = `Host: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`;
    socket.write(`GET /api/launches/shop/events?after=0 HTTP/1.1\r\n${head}`);
    const last = `"position":"${FACTS}"`;
    await until('the last one', () => chunks.length > 0 && Buffer.concat(chunks.slice(-8)).includes(last));
    const told = () => positionsIn(readEvents(Buffer.concat(chunks).toString('utf8')));
    await until('its end', () => told().length === FACTS);
    socket.destroy();
    expect(told()).toEqual(ALL);
  });

  test('many that are written at once come in pieces too', async () => {
    own = await gatewayAlone();
    const reader = await listen(events(), { token });
    await reader.next('its board', ({ event }) => event === 'board');
    for (let n = 1; n <= 100; n++) own.ledger.write(n, 'x'.repeat(36_000));
    await until('all of them', () => positionsIn(reader.events).length >= 100);
    reader.close();
    expect(positionsIn(reader.events)).toEqual(ALL.slice(0, 100));
    const facts = reader.events.filter(({ event }) => event === 'facts');
    for (const { data } of facts) expect(JSON.stringify(data).length).toBeLessThan(300_000);
  });
});
